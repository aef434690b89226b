import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, type Call, call, isOutage } from './http.ts'

/** Sends requests that must happen: repeats each until it is answered, on whatever api process. */
export class Caller {
  readonly #ports: readonly number[]
  #turn = 0

  constructor({ apiPorts }: { apiPorts: readonly number[] }) {
    this.#ports = apiPorts
  }

  /**
   * The answer, and whether an attempt before it got none. A POST has an Idempotency-Key, so it happens once.
   * `last` says when to give up an outage.
   */
  async answer(request: Call, last = Number.POSITIVE_INFINITY): Promise<Answer & { repeated: boolean }> {
    const key = request.method === 'POST' ? randomUUID() : undefined
    for (let attempt = 0; ; attempt++) {
      const port = this.#ports[this.#turn++ % this.#ports.length]!
      const answer = await call(port, { key, ...request }).catch((error: Error) => error)
      if (!(answer instanceof Error) && !isOutage(answer)) return { ...answer, repeated: attempt > 0 }
      if (Date.now() > last) throw new Error(`${request.method} ${request.path} has no answer: ${textOf(answer)}`)
      await delay(50 + Math.random() * 150)
    }
  }

  /** The body of a 2xx. @throws on any other answer that no outage explains */
  // biome-ignore lint/suspicious/noExplicitAny: as of every answer
  async must(request: Call, last?: number): Promise<any> {
    const answer = await this.answer(request, last)
    if (answer.status < 300) return answer.body
    throw new Error(`${request.method} ${request.path} was answered with ${textOf(answer)}`)
  }
}

const textOf = (answer: Answer | Error): string =>
  answer instanceof Error ? answer.message : `${answer.status} ${JSON.stringify(answer.body)}`
