import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from './child.ts'
import { temporaryDirectory } from './directory.ts'
import { waitFor } from './wait-for.ts'

const mainFile = path.resolve(import.meta.dirname, '../../cmd/all/main.ts')

/** What `npm start` runs, on ports and a data directory of its own. It may be killed and started again. */
export class Program {
  readonly port: number
  readonly dataDir: string
  readonly #env: Record<string, string>
  readonly #remove: () => Promise<void>
  #child: Child | undefined

  private constructor(port: number, env: Record<string, string>, remove: () => Promise<void>) {
    this.port = port
    this.dataDir = env.BELFRY_DATA_DIR!
    this.#env = env
    this.#remove = remove
  }

  static async create(): Promise<Program> {
    const { directory, remove } = await temporaryDirectory()
    const port = await findFreePort()
    const env = {
      PATH: process.env.PATH ?? '',
      BELFRY_DATA_DIR: path.join(directory, 'data'),
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: String(port),
      BELFRY_INTERNAL_PORT: String(await findFreePort()),
    }
    return new Program(port, env, remove)
  }

  /** `settings` are environment variables, for this time. Resolves when it says that it is ready. Returns what it printed. */
  async start(settings: Record<string, string> = {}): Promise<string> {
    const child = runChild(mainFile, [], { ...this.#env, ...settings })
    this.#child = child
    let ended = false
    void child.ended.then(() => (ended = true))
    const ready = () => {
      if (ended) throw new Error(`it ended: ${child.stdout}${child.stderr}`)
      return child.stdout.includes('Belfry is ready')
    }
    await waitFor(ready, { timeoutMs: 40_000, what: 'the program to be ready' })
    return child.stdout
  }

  /** Ends it the hard way; or waits for its end when somebody else has killed it. */
  async killed(signal: NodeJS.Signals | undefined = 'SIGKILL'): Promise<void> {
    if (signal) this.#child?.process.kill(signal)
    await this.#child?.ended
  }

  /** How it ended; undefined while it runs. */
  async #exit() {
    return (
      this.#child &&
      Promise.race([this.#child.ended, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))])
    )
  }

  /** Stops it and removes its data. */
  async remove(): Promise<void> {
    // One that was killed has left its PostgreSQL running: the next one takes it over and stops it.
    if ((await this.#exit()) === 'SIGKILL') await this.start()
    this.#child?.process.kill('SIGTERM')
    await this.#child?.ended
    await this.#remove()
  }
}
