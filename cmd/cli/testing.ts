import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'

const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
const ownMain = path.join(import.meta.dirname, 'main.ts')

/** How to run the command by hand, `script` for one. */
export const commandLine = [process.execPath, ...flags, ownMain]

export interface BelfryOptions {
  env?: Record<string, string>
  /** What is piped in. */
  input?: string | Buffer
  cwd?: string
  /** That of another clone. */
  main?: string
}

export interface Running {
  process: ChildProcess
  /** What it wrote so far. */
  out: string
  error: string
  ended: Promise<number | NodeJS.Signals>
}

/** Starts `belfry` with nothing in the environment but what is given. */
export function startBelfry(args: string[], options: BelfryOptions = {}): Running {
  const { env = {}, input = '', cwd = '/', main = ownMain } = options
  const child = spawn(process.execPath, [...flags, main, ...args], { cwd, env: { PATH: process.env.PATH, ...env } })
  const running: Running = {
    process: child,
    out: '',
    error: '',
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))),
  }
  child.stdout.on('data', (chunk) => (running.out += chunk))
  child.stderr.on('data', (chunk) => (running.error += chunk))
  // It may end without having read all of it.
  child.stdin.on('error', () => undefined).end(input)
  return running
}

/** Runs `belfry` to its end. */
export async function belfry(args: string[], options: BelfryOptions = {}) {
  const running = startBelfry(args, options)
  const code = await running.ended
  return { code, out: running.out, error: running.error }
}

/** What `npm start` runs, on a database of the test. It can be killed and started again on the same port. */
export class Server {
  readonly url: string
  readonly #env: Record<string, string>
  readonly #remove: () => Promise<void>
  #child: Child | undefined

  private constructor(url: string, env: Record<string, string>, remove: () => Promise<void>) {
    this.url = url
    this.#env = env
    this.#remove = remove
  }

  static async create(databaseUrl: string): Promise<Server> {
    const { directory, remove } = await temporaryDirectory()
    const port = await findFreePort()
    const env = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATABASE_URL: databaseUrl,
      BELFRY_DATA_DIR: path.join(directory, 'data'),
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: String(port),
      BELFRY_INTERNAL_PORT: String(await findFreePort()),
    }
    return new Server(`http://127.0.0.1:${port}`, env, remove)
  }

  async start(): Promise<void> {
    const child = runChild(path.resolve(import.meta.dirname, '../all/main.ts'), [], this.#env)
    this.#child = child
    let ended = false
    void child.ended.then(() => (ended = true))
    const ready = () => {
      if (ended) throw new Error(`it ended: ${child.stdout}${child.stderr}`)
      return child.stdout.includes('Belfry is ready')
    }
    await waitFor(ready, { timeoutMs: 40_000, what: 'the server to be ready' })
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.process.kill(signal)
    await this.#child?.ended
  }

  async remove(): Promise<void> {
    await this.end('SIGTERM')
    await this.#remove()
  }
}
