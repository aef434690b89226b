/** Messages of one conversation: those with after < seq <= upTo. */
export interface SeqRange {
  readonly conversationId: number
  readonly after: number
  readonly upTo: number
}

// Pings that may be unanswered before what they asked for is put together: a client that never answers costs no more than that.
const maxAsked = 8

/** The messages that one connection was sent, until a pong proves that its client has them. */
export class Delivered {
  #sent: SeqRange[] = []
  /** What the ping with this position asked for, oldest first. */
  readonly #asked: { position: number; ranges: SeqRange[] }[] = []

  get isEmpty(): boolean {
    return this.#sent.length === 0 && this.#asked.length === 0
  }

  /** Messages went out. */
  add(range: SeqRange): void {
    addRange(this.#sent, range)
  }

  /** A ping with this position goes out behind everything that was added. False when there is nothing to ask for. */
  ask(position: number): boolean {
    if (this.#sent.length === 0) return false
    const last = this.#asked.at(-1)
    if (last && this.#asked.length >= maxAsked) {
      last.position = position
      for (const range of this.#sent) addRange(last.ranges, range)
    } else this.#asked.push({ position, ranges: this.#sent })
    this.#sent = []
    return true
  }

  /** A pong with this position came. Returns the messages that it proves, each only once. */
  confirm(position: number): SeqRange[] {
    const ranges: SeqRange[] = []
    while (this.#asked.length > 0 && this.#asked[0]!.position <= position) ranges.push(...this.#asked.shift()!.ranges)
    return ranges
  }
}

/** Adds a range behind the others; one that continues another becomes one with it. Ranges are shared: one that grows is made anew. */
export function addRange(ranges: SeqRange[], range: SeqRange): void {
  const index = ranges.findLastIndex(({ conversationId }) => conversationId === range.conversationId)
  const last = ranges[index]
  if (last && last.upTo === range.after) ranges[index] = { ...last, upTo: range.upTo }
  else ranges.push(range)
}
