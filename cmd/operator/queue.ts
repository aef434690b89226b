import { backoffMs } from '#internal/runtime/backoff'

export interface QueueOptions {
  /** Deals with what the key stands for. When it fails it is called again, after a second or two, then twice as long each time, up to 5 min. */
  work: (key: string) => Promise<void>
  onError: (error: unknown, key: string, attempt: number) => void
  /** Told how many keys wait to be dealt with now. */
  onDepth: (depth: number) => void
  /** Keys dealt with at once. */
  workers: number
  /** setTimeout; returns how to cancel. */
  later?: (ms: number, run: () => void) => () => void
}

const realTime = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/** Keys to be dealt with: each once however often it is added, never twice at once, and once more when it is added meanwhile. */
export class WorkQueue {
  readonly #options: QueueOptions
  readonly #waiting = new Set<string>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #failures = new Map<string, number>()
  readonly #retries = new Map<string, () => void>()
  #state: 'new' | 'started' | 'stopped' = 'new'

  constructor(options: QueueOptions) {
    this.#options = options
  }

  /** Nothing is kept before `start`: whoever starts it adds all that there is. */
  start(): void {
    if (this.#state === 'new') this.#state = 'started'
  }

  add(key: string): void {
    if (this.#state !== 'started') return
    this.#retries.get(key)?.()
    this.#retries.delete(key)
    this.#waiting.add(key)
    this.#next()
  }

  /** Begins nothing more and waits for what is being done. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    for (const cancel of this.#retries.values()) cancel()
    this.#retries.clear()
    this.#waiting.clear()
    await Promise.all(this.#running.values())
  }

  #next(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.workers) break
      if (this.#running.has(key)) continue
      this.#waiting.delete(key)
      this.#running.set(key, this.#deal(key))
    }
    this.#options.onDepth(this.#waiting.size)
  }

  #deal(key: string): Promise<void> {
    return Promise.resolve(key)
      .then(this.#options.work)
      .then(
        () => void this.#failures.delete(key),
        (error: unknown) => this.#retry(key, error),
      )
      .then(() => {
        this.#running.delete(key)
        this.#next()
      })
  }

  #retry(key: string, error: unknown): void {
    const attempt = this.#failures.get(key) ?? 0
    this.#failures.set(key, attempt + 1)
    this.#options.onError(error, key, attempt)
    // Added meanwhile, or stopping.
    if (this.#waiting.has(key) || this.#state !== 'started') return
    const { later = realTime } = this.#options
    this.#retries.set(
      key,
      later(backoffMs(attempt, 2000, 300_000), () => this.add(key)),
    )
  }
}
