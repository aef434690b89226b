import { backoffMs, sleep } from './backoff.ts'

/** What a turn found: `none`, `some` (all of it done), or `more` that waits. */
export type Found = 'none' | 'some' | 'more'

export interface LoopOptions {
  turn: (signal: AbortSignal) => Promise<Found>
  /** Rest between turns: `minMs` until nothing was found for `warmMs` (300), then doubling to `maxMs`. */
  idle: { minMs: number; maxMs: number }
  /** A turn that fails after so long has worked before: it is no further failure in a row. By default the length does not matter. */
  settledMs?: number
  /** Told of every failed turn; the loop goes on with growing pauses. */
  onError: (error: unknown, attempt: number) => void
}

// A steady trickle of work is met without delay; what is quiet costs little.
const warmMs = 300

/**
 * A background loop that never dies of an error. `wake()` ends a rest early; `stop()` waits for the turn that runs.
 */
export class Loop {
  readonly #options: LoopOptions
  readonly #stopping = new AbortController()
  #resting = new AbortController()
  #woken = false
  #running: Promise<void> | undefined

  constructor(options: LoopOptions) {
    this.#options = options
  }

  start(): this {
    this.#running ??= this.#run()
    return this
  }

  wake(): void {
    this.#woken = true
    this.#resting.abort()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.wake()
    await this.#running
  }

  async #run(): Promise<void> {
    const { idle, turn, onError, settledMs = Number.POSITIVE_INFINITY } = this.#options
    let restMs = idle.minMs
    let foundAt = performance.now()
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      this.#woken = false
      const startedAt = performance.now()
      try {
        const found = await turn(this.#stopping.signal)
        failures = 0
        if (found === 'more') continue
        if (found === 'some') foundAt = performance.now()
      } catch (error) {
        if (performance.now() - startedAt > settledMs) failures = 0
        onError(error, failures)
        await this.#rest(backoffMs(failures++, 50, 2000), true)
        continue
      }
      if (performance.now() - foundAt < warmMs) restMs = idle.minMs
      else restMs = Math.min(idle.maxMs, restMs * 2)
      await this.#rest(restMs)
    }
  }

  async #rest(ms: number, ignoreWake = false): Promise<void> {
    if (this.#stopping.signal.aborted || (this.#woken && !ignoreWake)) return
    this.#resting = new AbortController()
    await sleep(ms, ignoreWake ? this.#stopping.signal : this.#resting.signal)
  }
}
