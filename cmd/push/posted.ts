import type { Scope } from '#internal/events/event'
import { conversationOf } from '#internal/events/scope'
import type { Client } from './client.ts'
import { addRange, Delivered, type SeqRange } from './delivered.ts'

/** The messages of one conversation that were published to its live clients between two sweeps. */
export class Posted {
  readonly #conversationId: number
  readonly #positions: number[] = []
  readonly #seqs: number[] = []
  /** All of them, for the many clients that were live before the first. */
  #all: SeqRange[] | undefined

  constructor(scope: Scope) {
    this.#conversationId = conversationOf(scope) ?? 0
  }

  add(position: number, seq: number): void {
    this.#positions.push(position)
    this.#seqs.push(seq)
  }

  /**
   * Puts on a client's account what was published to it as a member; what came before it was live was counted as it was caught up. Messages
   * from before it joined or after it left make no receipts: whoever applies marks knows since when the account is a member.
   */
  note(client: Client): void {
    if (client.liveAt === undefined || !client.visibility.isMember(this.#conversationId)) return
    client.delivered ??= new Delivered()
    for (const range of this.#after(client.liveAt)) client.delivered.add(range)
  }

  #after(position: number): SeqRange[] {
    if (position < this.#positions[0]!) {
      this.#all ??= this.#rangesFrom(0)
      return this.#all
    }
    const first = this.#positions.findIndex((each) => each > position)
    return first < 0 ? [] : this.#rangesFrom(first)
  }

  #rangesFrom(first: number): SeqRange[] {
    const ranges: SeqRange[] = []
    for (const seq of this.#seqs.slice(first))
      addRange(ranges, { conversationId: this.#conversationId, after: seq - 1, upTo: seq })
    return ranges
  }
}
