import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { waitFor } from '#internal/testing/wait-for'

/** One bash that gets block after block, as a person would paste them. */
export class Shell {
  readonly #bash: ChildProcessByStdio<Writable, Readable, null>
  readonly #ended: Promise<void>
  #output = ''
  #blocks = 0

  constructor(cwd: string) {
    const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/' }
    this.#bash = spawn('bash', ['--norc'], { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] })
    this.#ended = new Promise((resolve) => this.#bash.once('close', () => resolve()))
    this.#bash.stdout.on('data', (chunk) => (this.#output += chunk))
  }

  /**
   * Runs the lines; resolves when they are done and `isEnough` holds for the lines printed since this call, also by what earlier
   * blocks left in the background. Returns those lines.
   */
  async run(lines: string, isEnough: (printed: string[]) => boolean): Promise<string[]> {
    const mark = `-- done ${++this.#blocks} --`
    const from = this.#output.length
    this.#bash.stdin.write(`${lines}\necho '${mark}'\n`)
    const printed = () =>
      this.#output
        .slice(from)
        .split('\n')
        .filter((line) => line !== '' && line !== mark)
    const done = () => this.#output.includes(`${mark}\n`) && this.#output.endsWith('\n') && isEnough(printed())
    await waitFor(done, { timeoutMs: 15_000, what: `the end of:\n${lines}` }).catch((error: Error) => {
      throw new Error(`${error.message}\nwhich printed:\n${printed().join('\n')}`)
    })
    return printed()
  }

  /** Resolves when it and everything that it started have ended. */
  async end(): Promise<void> {
    this.#bash.stdin.end()
    await this.#ended
  }
}
