import { bodyOf, fates, parseBody, type Writes } from '../record/writes.ts'
import type { Findings } from '../system/findings.ts'
import type { Person, Room } from '../world/world.ts'
import { Column } from './column.ts'
import type { LogRow } from './log-row.ts'

/** The messages of one conversation by seq, as the log has them; index 0 is seq 1. */
export class History {
  readonly writers = new Column()
  readonly numbers = new Column()
  readonly ids = new Column()
  readonly authors = new Column()

  get length(): number {
    return this.ids.length
  }
}

export interface MessageJudgeOptions {
  people: readonly Person[]
  rooms: readonly Room[]
  /** By index of the writer. */
  writes: readonly Writes[]
  findings: Findings
}

/**
 * Holds the log against what writers were answered: each acknowledged message once, as it was answered and in order; each other one
 * at most once; nothing that nobody wrote.
 */
export class MessageJudge {
  readonly histories = new Map<number, History>()
  readonly #options: MessageJudgeOptions
  readonly #accounts: Map<string, number>
  /** How often each was seen. */
  readonly #seen: Uint8Array[]

  constructor(options: MessageJudgeOptions) {
    this.#options = options
    this.#accounts = new Map(options.people.map(({ name }, i) => [name, i]))
    this.#seen = options.writes.map((writes) => new Uint8Array(writes.count))
    for (const { id } of options.rooms) this.histories.set(id, new History())
  }

  take({ event, scope, data, position }: LogRow): void {
    if (event !== 'message.posted') return
    const { findings, writes } = this.#options
    const history = this.histories.get(data.conversation_id)
    const { writer, n, sentAt } = parseBody(data.body)
    const what = `position ${position}, message ${writer}/${n} in conversation ${data.conversation_id}`
    if (!history || scope !== `conversation:${data.conversation_id}`) return void findings.add('misplaced', what)
    if (data.seq !== history.length + 1)
      findings.add('out of order', `${what} has seq ${data.seq} behind ${history.length}`)
    history.ids.push(data.id)
    history.writers.push(writer)
    history.numbers.push(n)
    history.authors.push(this.#accounts.get(data.author) ?? 255)
    const seen = this.#seen[writer]
    if (!seen || !(n < seen.length)) return void findings.add('never written', `${what}: ${data.body}`)
    if (seen[n]!++ > 0) return void findings.add('repeated', what)
    const write = writes[writer]!.get(n)
    if (write.room !== data.conversation_id || data.body !== bodyOf(writer, n, write.sentAt) || sentAt !== write.sentAt)
      findings.add('changed', `${what}: ${data.body}`)
    if (this.#accounts.get(data.author) !== write.account) findings.add('changed', `${what} has author ${data.author}`)
    if (write.fate === fates.acknowledged && (write.seq !== data.seq || write.id !== data.id))
      findings.add(
        'changed',
        `${what} was answered with seq ${write.seq}, id ${write.id}, and is ${data.seq}, ${data.id}`,
      )
  }

  finish(): { acknowledged: number; happened: number; vanished: number } {
    const counts = { acknowledged: 0, happened: 0, vanished: 0 }
    for (const [writer, writes] of this.#options.writes.entries())
      for (let n = 0; n < writes.count; n++) {
        const { fate, room, seq } = writes.get(n)
        const seen = this.#seen[writer]![n]! > 0
        if (fate === fates.acknowledged) {
          counts.acknowledged++
          if (!seen) this.#options.findings.add('lost', `message ${writer}/${n}, seq ${seq} of conversation ${room}`)
        } else if (seen) counts.happened++
        else counts.vanished++
      }
    for (const [id, history] of this.histories) this.#checkOrder(id, history)
    return counts
  }

  /** What was answered before another one was sent comes before it. */
  #checkOrder(id: number, history: History): void {
    let answered = Number.POSITIVE_INFINITY
    for (let i = history.length - 1; i >= 0; i--) {
      const writer = history.writers.get(i)
      const n = history.numbers.get(i)
      const writes = this.#options.writes[writer]
      if (!writes || n >= writes.count) continue
      const { fate, sentAt, answeredAt } = writes.get(n)
      if (sentAt > answered)
        this.#options.findings.add(
          'out of order',
          `seq ${i + 1} of conversation ${id} was sent after a later one was answered`,
        )
      if (fate === fates.acknowledged) answered = Math.min(answered, answeredAt)
    }
  }
}
