import type { Findings } from '../system/findings.ts'
import type { Person, Room, Step } from '../world/world.ts'
import { idOf, type LogRow } from './log-row.ts'

/**
 * Who was in which conversation at the place in the log where the walk is: how often an account has joined and left one so far. Odd is
 * in it. What the log says is held against what was asked for and answered.
 */
export class Memberships {
  readonly #accounts: Map<number, number>
  readonly #asked = new Map<string, Step[]>()
  readonly #steps = new Map<string, number>()
  readonly #findings: Findings

  /** @param steps those of the run, in the order in which each account and conversation made them; all stable members joined before */
  constructor(people: readonly Person[], rooms: readonly Room[], steps: readonly Step[], findings: Findings) {
    this.#findings = findings
    this.#accounts = new Map(people.map(({ id }, i) => [id, i]))
    for (const room of rooms)
      for (const account of room.stable) this.#ask({ account, room: room.id, kind: 'joined', sentAt: 0, answeredAt: 0 })
    for (const step of steps) this.#ask(step)
  }

  #ask(step: Step): void {
    const key = keyOf(step.account, step.room)
    const known = this.#asked.get(key)
    if (known) known.push(step)
    else this.#asked.set(key, [step])
  }

  take({ event, scope, data, position }: LogRow): void {
    if (event !== 'conversation.joined' && event !== 'conversation.left') return
    const account = this.#accounts.get(idOf(scope))
    const room = event === 'conversation.joined' ? data.conversation.id : data.conversation_id
    if (account === undefined) return
    const count = this.steps(account, room)
    this.#steps.set(keyOf(account, room), count + 1)
    const asked = this.#asked.get(keyOf(account, room))?.[count]
    if (`conversation.${asked?.kind}` !== event)
      this.#findings.add(
        'membership',
        `position ${position}: account ${account} ${event} ${room}, asked was ${asked?.kind}`,
      )
  }

  finish(): void {
    for (const [key, asked] of this.#asked)
      if ((this.#steps.get(key) ?? 0) < asked.length)
        this.#findings.add(
          'lost',
          `account and conversation ${key} joined or left ${asked.length} times, not all in the log`,
        )
  }

  /** How often the account has joined and left the conversation so far. */
  steps(account: number, room: number): number {
    return this.#steps.get(keyOf(account, room)) ?? 0
  }

  /** How many of these steps may have been made when a client that connected between the two times was let in. */
  stepsBetween(account: number, room: number, from: number, to: number): { least: number; most: number } {
    const asked = this.#asked.get(keyOf(account, room)) ?? []
    let [least, most] = [0, 0]
    for (const { sentAt, answeredAt } of asked) {
      if (answeredAt < from) least++
      if (sentAt <= to) most++
    }
    return { least, most }
  }
}

const keyOf = (account: number, room: number) => `${account} ${room}`
