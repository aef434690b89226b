import type { Findings } from '../system/findings.ts'
import type { Person } from '../world/world.ts'
import { Column } from './column.ts'

/** `username` has got, or read, the messages with after < seq <= upTo at that time, as the system says. */
export interface Claim {
  account: number
  room: number
  kind: 'delivered' | 'read'
  after: number
  upTo: number
  /** Milliseconds since the start. */
  at: number
}

interface Truth {
  /** When the first client of the account got each message, plus 1; 0 for never. By seq. */
  received: Column
  /** When it said to have read up to which seq, in the order of times. */
  said: { at: number; seq: number }[]
  /** What was claimed so far, by seq: 1 delivered, 2 read. */
  claimed: Column
}

/** Holds receipts of messages against what clients got and said. */
export class ReceiptJudge {
  claims = 0
  readonly #truths = new Map<string, Truth>()
  readonly #findings: Findings
  readonly #people: readonly Person[]

  constructor(people: readonly Person[], findings: Findings) {
    this.#people = people
    this.#findings = findings
  }

  received(account: number, room: number, seq: number, at: number): void {
    const { received } = this.#truth(account, room)
    const known = received.get(seq)
    if (known === 0 || at + 1 < known) received.set(seq, at + 1)
  }

  /** Calls for one account and conversation come in the order of times. */
  said(account: number, room: number, seq: number, at: number): void {
    const { said } = this.#truth(account, room)
    said.push({ at, seq: Math.max(seq, said.at(-1)?.seq ?? 0) })
  }

  /** Whether that message came to the account. */
  has(account: number, room: number, seq: number): boolean {
    return this.#truth(account, room).received.get(seq) > 0
  }

  /** How far the account said to have read by then. */
  saidUpTo(account: number, room: number, at = Number.POSITIVE_INFINITY): number {
    return this.#truth(account, room).said.findLast((each) => each.at <= at)?.seq ?? 0
  }

  /** @param once whether the same may not be claimed by another call */
  claim({ account, room, kind, after, upTo, at }: Claim, once = true): void {
    this.claims++
    const { received, claimed } = this.#truth(account, room)
    const read = this.saidUpTo(account, room, at)
    const what = `${this.#people[account]?.name} ${kind} ${after + 1} to ${upTo} of conversation ${room} at ${at}`
    if (kind === 'read' && upTo > read) this.#findings.add('ahead of truth', `${what}: said to have read ${read}`)
    const bit = kind === 'delivered' ? 1 : 2
    for (let seq = after + 1; seq <= upTo; seq++) {
      const known = received.get(seq)
      if (kind === 'delivered' && seq > read && (known === 0 || known - 1 > at)) {
        this.#findings.add('ahead of truth', `${what}: ${seq} ${known === 0 ? 'never came' : `came at ${known - 1}`}`)
        break
      }
      if (!once) continue
      if (claimed.get(seq) & bit) {
        this.#findings.add('repeated', what)
        break
      }
      claimed.set(seq, claimed.get(seq) | bit)
    }
  }

  #truth(account: number, room: number): Truth {
    const key = `${account} ${room}`
    let truth = this.#truths.get(key)
    if (!truth) {
      truth = { received: new Column(), said: [], claimed: new Column() }
      this.#truths.set(key, truth)
    }
    return truth
  }
}
