import type { Mark } from '#internal/events/mark'
import { within } from '#internal/runtime/backoff'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'
import { keyOf, merge } from './merge-marks.ts'

export interface MarkBufferOptions {
  send: (marks: Mark[]) => Promise<void>
  logger: Logger
}

const batchSize = 2000
// Deliveries come from thousands of sockets at once, and stored together they cost less than half. Nobody waits for them.
const deliveriesMs = 250
// Of what somebody read or acknowledged, somebody else is told.
const otherMs = 20
/** How long a stop waits for marks to be sent. */
const stopMs = 5000

/**
 * Collects what clients confirm and sends it on in batches. While there is no way to send, marks wait and are put together, so that they
 * are at most as many as there are inboxes, conversations of accounts and alerts. A mark lost with this process is repeated by the cursor
 * that an inbox comes back with, or by the client itself; what it says of messages is said again when they are read.
 */
export class MarkBuffer {
  readonly #options: MarkBufferOptions
  #waiting = new Map<string, Mark>()
  readonly #loop: Loop
  #soon: NodeJS.Timeout | undefined

  constructor(options: MarkBufferOptions) {
    this.#options = options
    this.#loop = new Loop({
      turn: () => this.#flush(),
      idle: { minMs: deliveriesMs, maxMs: deliveriesMs },
      onError: (error, attempt) =>
        options.logger[attempt === 0 ? 'warn' : 'debug']({ error, waiting: this.#waiting.size }, 'marks wait'),
    }).start()
  }

  add(mark: Mark): void {
    this.#put(keyOf(mark), mark)
    if (mark.kind !== 'delivered') this.#soon ??= setTimeout(() => this.#hurry(), otherMs)
  }

  /** Sends what waits, if there is a way to send it, and stops. */
  async stop(): Promise<void> {
    clearTimeout(this.#soon)
    let failure: unknown = new Error('no answer')
    const rest = async () => {
      await this.#loop.stop()
      while ((await this.#flush()) === 'more');
      failure = undefined
    }
    await within(
      stopMs,
      rest().catch((error) => (failure = error)),
    )
    if (failure) this.#options.logger.warn({ error: failure }, 'marks were not sent, clients will confirm again')
  }

  #hurry(): void {
    this.#soon = undefined
    this.#loop.wake()
  }

  #put(key: string, mark: Mark): void {
    const known = this.#waiting.get(key)
    const merged = known ? merge(known, mark) : mark
    this.#waiting.set(key, merged ?? mark)
    // Two ranges with a hole between them: the older one waits by where it begins.
    if (!merged && known && 'after_seq' in known) this.#put(`${key} after ${known.after_seq}`, known)
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
