import type { LogEvent } from '#internal/events/event'

/** Events that wait for an earlier one; beyond so many, who brings more has to wait too. */
const capacity = 20_000

/** Puts events of several partitions back into the order of positions, each once. */
export class OrderBuffer {
  #position: number
  readonly #waiting = new Map<number, LogEvent>()
  #holeSince: number | undefined
  #room = Promise.withResolvers<void>()
  #closed = false

  /** @param position of the last event that is no longer wanted. */
  constructor(position: number) {
    this.#position = position
  }

  /** Of the last event that was passed. */
  get position(): number {
    return this.#position
  }

  add(event: LogEvent): void {
    if (event.position > this.#position) this.#waiting.set(event.position, event)
  }

  /** The next events, up to `limit`, as far as there is no hole. They stay the next ones until they are `passed`. */
  take(limit: number): LogEvent[] {
    const events: LogEvent[] = []
    for (let next = this.#waiting.get(this.#position + 1); next && events.length < limit; ) {
      events.push(next)
      next = this.#waiting.get(next.position + 1)
    }
    const hole = events.length === 0 && this.#waiting.size > 0
    this.#holeSince = hole ? (this.#holeSince ?? performance.now()) : undefined
    return events
  }

  /** How long the next event has been missing while later ones are here, milliseconds. */
  holeMs(): number {
    return this.#holeSince === undefined ? 0 : performance.now() - this.#holeSince
  }

  /** Everything up to `position` has been dealt with. */
  passed(position: number): void {
    if (position - this.#position > this.#waiting.size) {
      for (const each of this.#waiting.keys()) if (each <= position) this.#waiting.delete(each)
    } else for (let each = this.#position + 1; each <= position; each++) this.#waiting.delete(each)
    this.#position = position
    this.#holeSince = undefined
    if (this.#waiting.size < capacity) {
      this.#room.resolve()
      this.#room = Promise.withResolvers()
    }
  }

  /** Resolves when there is room for more. */
  async room(): Promise<void> {
    while (this.#waiting.size >= capacity && !this.#closed) await this.#room.promise
  }

  close(): void {
    this.#closed = true
    this.#room.resolve()
  }
}
