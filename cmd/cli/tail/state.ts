import { readFile } from 'node:fs/promises'
import { writePrivate } from '#internal/embedded-postgres/cluster'
import { PlainError } from '#internal/runtime/plain-error'

/** Keeps the cursor in a file, which is whole at any moment. Writes one at a time, and the newest cursor only. */
export class StateFile {
  readonly #file: string
  #due: number | undefined
  #kept: number | undefined
  #writing: Promise<void> | undefined
  #failure: ((error: Error) => void) | undefined

  private constructor(file: string, kept: number | undefined) {
    this.#file = file
    this.#kept = kept
  }

  /** @throws PlainError when the file is there and holds no cursor. */
  static async open(file: string): Promise<StateFile> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw new PlainError(`${file} cannot be read: ${error.message}.`)
    })
    if (text !== undefined && !/^\d{1,15}\n?$/.test(text))
      throw new PlainError(`${file} holds no cursor. Name another file, or remove it.`)
    return new StateFile(file, text === undefined ? undefined : Number(text))
  }

  get cursor(): number | undefined {
    return this.#kept
  }

  /** Told when the file cannot be written. */
  onFailure(tell: (error: Error) => void): void {
    this.#failure = tell
  }

  /** What is before and at this position has been dealt with. */
  keep(cursor: number): void {
    this.#due = cursor
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined))
  }

  /** Resolves when the newest cursor is in the file. */
  async flush(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#due !== undefined && this.#due !== this.#kept) {
      const cursor = this.#due
      try {
        await writePrivate(this.#file, `${cursor}\n`)
      } catch (error) {
        this.#failure?.(new PlainError(`${this.#file} cannot be written: ${(error as Error).message}.`))
        return
      }
      this.#kept = cursor
    }
  }
}
