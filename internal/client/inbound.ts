import { report } from './report.ts'
import type { CursorStore } from './types.ts'

// What the browser has read cannot be pushed back. Beyond `mostWaiting` we hang up, and resume when so few are left.
const mostWaiting = 2000
const fewWaiting = 200
// When a handler that failed gets the same event again.
const againMs = [500, 2000]

type Handler = () => void | Promise<void>

interface Item {
  /** The cursor when this is done, if it moves. */
  position?: number | undefined
  handle?: Handler
  done?: (() => void) | undefined
}

export interface InboundOptions {
  cursor: number | CursorStore | undefined
  /** So much waits to be handled that no more may come. */
  onFull(): void
  /** There is room again. */
  onRoom(): void
}

/** What came in: handed over one at a time and in order, each position once; and the cursor that follows. */
export class Inbound {
  readonly #options: InboundOptions
  readonly #store: CursorStore | undefined
  readonly #items: Item[] = []
  #received: number | undefined
  #handled: number | undefined
  #working = false
  #full = false
  #closed = false
  #again: ReturnType<typeof setTimeout> | undefined

  /** @throws TypeError when the cursor is no position */
  constructor(options: InboundOptions) {
    this.#options = options
    if (typeof options.cursor === 'object') this.#store = options.cursor
    else this.#begin(options.cursor)
  }

  /** Everything up to here was dealt with. */
  get handled(): number | undefined {
    return this.#handled
  }

  /** Everything up to here is in this process: where the next connection begins. */
  get received(): number | undefined {
    return this.#received
  }

  /** Asks the store. Rejects when that fails, or what it has is no position. */
  async load(): Promise<void> {
    if (this.#store) this.#begin(await this.#store.load())
  }

  /** Nothing is handed over any more, and no cursor is saved. */
  close(): void {
    this.#closed = true
    this.#items.length = 0
    clearTimeout(this.#again)
  }

  /** What comes at this position, unless it was here already. */
  add(position: number, handle: Handler): void {
    if (this.#received !== undefined && position <= this.#received) return
    this.#received = position
    this.#push({ position, handle })
  }

  /** The cursor is here now, be that forward or back. */
  reset(position: number, handle: Handler): void {
    this.#received = position
    this.#push({ position, handle })
  }

  /** Nothing else is there up to this position. `done` is called when everything before it was dealt with. */
  reached(position: number | undefined, done: () => void): void {
    this.#received = position
    this.#push({ position, done })
  }

  #begin(cursor: number | undefined): void {
    if (cursor !== undefined && !isPosition(cursor)) throw new TypeError(`The cursor ${cursor} is no position.`)
    this.#received = this.#handled = cursor
  }

  #push(item: Item): void {
    this.#items.push(item)
    if (this.#items.length >= mostWaiting && !this.#full) {
      this.#full = true
      this.#options.onFull()
    }
    if (!this.#working) void this.#work()
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      const { position, handle } = item
      if (handle) await this.#handle(handle, position)
      if (this.#closed) break
      if (position !== undefined && position !== this.#handled) await this.#move(position)
      if (this.#closed) break
      this.#items.shift()
      item.done?.()
      if (this.#full && this.#items.length <= fewWaiting) {
        this.#full = false
        this.#options.onRoom()
      }
    }
    this.#working = false
  }

  /** A handler that fails gets it again twice. Then it is reported and passed over, so that one bad event does not stop all others. */
  async #handle(handle: Handler, position: number | undefined): Promise<void> {
    for (let failures = 0; !this.#closed; failures++) {
      try {
        return await handle()
      } catch (error) {
        const ms = againMs[failures]
        const then = ms === undefined ? 'it is passed over' : `again in ${ms} ms`
        report(`the handler failed at position ${position}, ${then}`, error)
        if (ms === undefined) return
        await new Promise<void>((resolve) => (this.#again = setTimeout(resolve, ms)))
      }
    }
  }

  async #move(position: number): Promise<void> {
    this.#handled = position
    try {
      await this.#store?.save(position)
    } catch (error) {
      report(`the cursor ${position} was not saved`, error)
    }
  }
}

export const isPosition = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
