import { backoffMs, sleep } from './backoff.ts'

/** What a turn found: `none`, `some` (all of it done), or `more` that waits. */
export type Found = 'none' | 'some' | 'more'

export interface LoopOptions {
  turn: (signal: AbortSignal) => Promise<Found>
  /** Rest between turns: `minMs` while there is work, doubling to `maxMs` while there is none. */
  idle: { minMs: number; maxMs: number }
  /** Told of every failed turn; the loop goes on with growing pauses. */
  onError: (error: unknown, attempt: number) => void
}

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
    const { idle, turn, onError } = this.#options
    let restMs = idle.minMs
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      this.#woken = false
      try {
        const found = await turn(this.#stopping.signal)
        failures = 0
        if (found === 'more') continue
        if (found === 'some') restMs = idle.minMs
      } catch (error) {
        onError(error, failures)
        await this.#rest(backoffMs(failures++, 50, 2000), true)
        continue
      }
      await this.#rest(restMs)
      restMs = this.#woken ? idle.minMs : Math.min(idle.maxMs, restMs * 2)
    }
  }

  async #rest(ms: number, ignoreWake = false): Promise<void> {
    if (this.#stopping.signal.aborted || (this.#woken && !ignoreWake)) return
    this.#resting = new AbortController()
    await sleep(ms, ignoreWake ? this.#stopping.signal : this.#resting.signal)
  }
}
