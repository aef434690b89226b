import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { runningUrl } from '#internal/embedded-postgres/running'
import { runChild } from '#internal/testing/child'
import { Program } from '#internal/testing/program'

export interface Account {
  username: string
  password: string
  /** Of a session. */
  token: string
}

const root = path.resolve(import.meta.dirname, '../../..')

/** The product as `npm start` runs it, with the user interface of the sources as they are, and a client of its API. */
export class Installation {
  readonly #program: Program
  /** The first account. */
  admin!: Account

  private constructor(program: Program) {
    this.#program = program
  }

  static async create(): Promise<Installation> {
    const build = ['--disable-warning=ExperimentalWarning', 'scripts/web/main.mjs']
    await promisify(execFile)(process.execPath, build, { cwd: root })
    const installation = new Installation(await Program.create())
    try {
      await installation.start()
      installation.admin = await installation.account('admin')
      return installation
    } catch (error) {
      await installation.remove()
      throw error
    }
  }

  /** Without a slash at its end. */
  get url(): string {
    return `http://127.0.0.1:${this.#program.port}`
  }

  /** Registers and logs in somebody. */
  async account(username: string, role: 'member' | 'dispatcher' | 'admin' = 'member'): Promise<Account> {
    const credentials = { username, password: `the password of ${username}` }
    await this.call(undefined, 'POST', '/api/v1/accounts', credentials)
    if (role !== 'member') await this.call(this.admin, 'PATCH', `/api/v1/accounts/${username}`, { role })
    return this.#logIn(credentials)
  }

  /** Fills in the sample organisation of `belfry demo`. Returns who runs it. */
  async demo(): Promise<Account> {
    const main = path.join(root, 'cmd/cli/main.ts')
    const child = runChild(main, ['demo', '--json'], { PATH: process.env.PATH, BELFRY_DATA_DIR: this.#program.dataDir })
    if ((await child.ended) !== 0) throw new Error(child.stderr)
    const { password } = JSON.parse(child.stdout) as { password: string }
    await this.call(this.admin, 'PATCH', '/api/v1/accounts/mara', { role: 'admin' })
    return this.#logIn({ username: 'mara', password })
  }

  /** Runs a job of the scheduler now, as its CronJob does. */
  async runJob(name: string): Promise<void> {
    const BELFRY_DATABASE_URL = await runningUrl(this.#program.dataDir)
    const main = path.join(root, 'cmd/scheduler/main.ts')
    const child = runChild(main, [name], { PATH: process.env.PATH, BELFRY_DATABASE_URL })
    if ((await child.ended) !== 0) throw new Error(child.stdout + child.stderr)
  }

  async #logIn(credentials: { username: string; password: string }): Promise<Account> {
    const { token } = await this.call<{ token: string }>(undefined, 'POST', '/api/v1/sessions', credentials)
    return { ...credentials, token }
  }

  /** What the API answers; undefined where it is no content. @throws what it answers, where that is no success */
  async call<T>(as: Account | undefined, method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json', ...(as && { authorization: `Bearer ${as.token}` }) }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(this.url + path, { method, headers, ...sent })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  /** SIGKILL: open connections end, and new ones are refused until `start`. */
  kill = (): Promise<void> => this.#program.killed()

  /** On the same port, with the same data. `settings` are environment variables, for this time. */
  async start(settings?: Record<string, string>): Promise<void> {
    await this.#program.start(settings)
  }

  remove = (): Promise<void> => this.#program.remove()
}
