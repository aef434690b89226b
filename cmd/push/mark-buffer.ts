import type { Mark } from '#internal/events/mark'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'

export interface MarkBufferOptions {
  send: (marks: Mark[]) => Promise<void>
  logger: Logger
}

const batchSize = 2000

/**
 * Collects what clients confirm and sends it on in batches. While there is no way to send, marks wait and coalesce: one delivered
 * mark per object, the highest, and one per read or acknowledged alert, the first. A mark lost with this process is repeated by the
 * cursor that the client comes back with, or by the client itself.
 */
export class MarkBuffer {
  readonly #options: MarkBufferOptions
  #waiting = new Map<string, Mark>()
  readonly #loop: Loop

  constructor(options: MarkBufferOptions) {
    this.#options = options
    this.#loop = new Loop({
      turn: () => this.#flush(),
      idle: { minMs: 20, maxMs: 50 },
      onError: (error, attempt) =>
        options.logger[attempt === 0 ? 'warn' : 'debug']({ error, waiting: this.#waiting.size }, 'marks wait'),
    }).start()
  }

  add(mark: Mark): void {
    const key = mark.kind === 'delivered' ? `d${mark.object_id}` : `${mark.kind} ${mark.object_id} ${mark.alert_id}`
    const known = this.#waiting.get(key)
    if (known && (known.kind !== 'delivered' || mark.kind !== 'delivered' || known.position >= mark.position)) return
    this.#waiting.set(key, mark)
  }

  /** Sends what waits, once, and stops. */
  async stop(): Promise<void> {
    await this.#loop.stop()
    while ((await this.#flush()) === 'more');
  }

  async #flush(): Promise<Found> {
    if (this.#waiting.size === 0) return 'none'
    const keys = [...this.#waiting.keys()].slice(0, batchSize)
    const batch = keys.map((key) => this.#waiting.get(key)!)
    for (const key of keys) this.#waiting.delete(key)
    try {
      await this.#options.send(batch)
    } catch (error) {
      for (const mark of batch) this.add(mark)
      throw error
    }
    return this.#waiting.size > 0 ? 'more' : 'some'
  }
}
