import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from './session.ts'

/** Posts numbered messages at an even rate. One that fails is counted, and repeated under the same key until it is there. */
export class Writer {
  /** Acknowledged: 0 to this, without it. */
  numbers = 0
  longestMs = 0
  /** Of attempts, by what came instead of 201. */
  readonly failures = new Map<string, number>()
  readonly #session: Session
  readonly #topic: number
  readonly #index: number

  constructor(session: Session, topic: number, index: number) {
    this.#session = session
    this.#topic = topic
    this.#index = index
  }

  async run(perSecond: number, isStopped: () => boolean): Promise<void> {
    for (let due = Date.now(); !isStopped(); due += 1000 / perSecond) {
      await delay(Math.max(0, due - Date.now()))
      await this.#post(`${this.#index} ${this.numbers}`)
      this.numbers++
      // What was held up is not made up for: it would be a burst.
      due = Math.max(due, Date.now() - 1000 / perSecond)
    }
  }

  async #post(body: string): Promise<void> {
    const key = body.replace(' ', '-')
    const startedAt = performance.now()
    for (;;) {
      const path = `/api/v1/conversations/${this.#topic}/messages`
      const failure = await this.#session.send('POST', path, { body }, key).then(
        ({ status }) => (status === 201 ? undefined : String(status)),
        (error: Error) => String((error.cause as { code?: string } | undefined)?.code ?? error.name),
      )
      if (failure === undefined) break
      this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1)
      await delay(100)
    }
    this.longestMs = Math.max(this.longestMs, performance.now() - startedAt)
  }
}
