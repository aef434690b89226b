import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Findings } from './findings.ts'

const root = path.resolve(import.meta.dirname, '../../..')
const readyMs = 60_000
const orderlyMs = 40_000
// PostgreSQL dies within a transaction, and knex sends ROLLBACK down a connection on which pg still has a statement: said once.
const expectedOutput = /DeprecationWarning: Calling client\.query\(\) when|Use `node --trace-deprecation/

export interface ServerOptions {
  role: 'api' | 'worker' | 'push'
  name: string
  env: Record<string, string>
  internalPort: number
  directory: string
  findings: Findings
  /** Whether PostgreSQL is being harmed: a process that starts then may end again at once, and is started again. */
  isWithoutPostgres: () => boolean
}

/** One process of Belfry, which is started again when it ends, as Kubernetes would. */
export class Server {
  readonly role: ServerOptions['role']
  readonly name: string
  readonly #options: ServerOptions
  readonly #log: WriteStream
  #child: ChildProcess | undefined
  /** Whether its end is our doing. */
  #expected = false
  /** Whether it has not been ready yet and PostgreSQL was harmed since it was started. */
  #mayGiveUp = false

  constructor(options: ServerOptions) {
    this.#options = options
    this.role = options.role
    this.name = options.name
    this.#log = createWriteStream(path.join(options.directory, `${options.name}.log`), { flags: 'a' })
  }

  start(): void {
    const { role, env, findings } = this.#options
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
    const child = spawn(process.execPath, [...flags, path.join(root, `cmd/${role}/main.ts`)], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#expected = false
    this.#mayGiveUp = this.#options.isWithoutPostgres()
    for (const stream of [child.stdout!, child.stderr!])
      createInterface({ input: stream }).on('line', (line) => this.#onLine(line))
    child.on('error', (error) => findings.add('did not start', `${this.name}: ${error.message}`))
    child.on('exit', (code, signal) => {
      if (this.#expected) return
      if (!this.#mayGiveUp) findings.add('ended by itself', `${this.name} (${signal ?? code})`)
      setTimeout(() => !this.#expected && this.start(), 1000)
    })
  }

  /** Resolves when it is ready. */
  async ready(): Promise<void> {
    const url = `http://127.0.0.1:${this.#options.internalPort}/readyz`
    for (const deadline = Date.now() + readyMs; Date.now() < deadline; await delay(100))
      if (
        await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
          ({ ok }) => ok,
          () => false,
        )
      ) {
        this.#mayGiveUp = false
        return
      }
    this.#options.findings.add('not ready', `${this.name} was not ready ${readyMs / 1000} s after its start`)
  }

  /** kill -9. */
  async kill(): Promise<void> {
    this.#expected = true
    await this.#end('SIGKILL')
  }

  /** SIGTERM, and its orderly end. */
  async terminate(): Promise<void> {
    this.#expected = true
    const timer = setTimeout(() => this.#child?.kill('SIGKILL'), orderlyMs)
    const [code, signal] = await this.#end('SIGTERM')
    clearTimeout(timer)
    if (code !== 0) this.#options.findings.add('no orderly end', `${this.name} ended with ${signal ?? code} on SIGTERM`)
  }

  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async #end(signal: NodeJS.Signals): Promise<unknown[]> {
    const child = this.#child!
    if (child.exitCode !== null || child.signalCode !== null) return [child.exitCode, child.signalCode]
    const ended = once(child, 'exit')
    child.kill(signal)
    return ended
  }

  #onLine(line: string): void {
    this.#log.write(`${line}\n`)
    const { findings } = this.#options
    if (!line.startsWith('{') && expectedOutput.test(line)) return
    if (!line.startsWith('{')) return void findings.add('unexpected output', `${this.name}: ${line}`)
    const { level, message, error } = JSON.parse(line)
    if ((level === 'error' || level === 'fatal') && !this.#mayGiveUp)
      findings.add('logged as an error', `${this.name}: ${message} ${error?.message ?? ''}`)
  }
}
