import { delayMs } from './delay.ts'
import { problemIn } from './refusal.ts'
import type { StreamProblem } from './types.ts'

export type Mark = 'read' | 'acknowledged'

export interface ConfirmationsOptions {
  /** `https://.../api/v1/objects/7/inbox` */
  url: string
  token: string
  /** The server does not take it, and will not. */
  onProblem(problem: StreamProblem): void
}

const limitMs = 10_000

/**
 * What the person has read and acknowledged, told to the server until it has confirmed that. By HTTP: a frame over the WebSocket is
 * confirmed by the receipt that it causes alone, and what was read before, perhaps elsewhere, causes none.
 */
export class Confirmations {
  readonly #options: ConfirmationsOptions
  readonly #due = new Map<number, Mark>()
  #failures = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #working = false
  #closed = false

  constructor(options: ConfirmationsOptions) {
    this.#options = options
  }

  add(alertId: number, mark: Mark): void {
    if (this.#due.get(alertId) !== 'acknowledged') this.#due.set(alertId, mark)
    this.now()
  }

  /** Does not wait for the next try: there is a connection again, perhaps. */
  now(): void {
    if (this.#closed) return
    this.#failures = 0
    if (!this.#working) void this.#work()
  }

  /** What is on its way arrives, or not. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #work(): Promise<void> {
    clearTimeout(this.#timer)
    this.#working = true
    let known = true
    for (const [alertId, mark] of this.#due) {
      known = await this.#tell(alertId, mark)
      if (!known || this.#closed) break
      this.#failures = 0
      // Unless it was acknowledged while we told that it was read.
      if (this.#due.get(alertId) === mark) this.#due.delete(alertId)
    }
    this.#working = false
    if (this.#closed || this.#due.size === 0) return
    const ms = known ? 0 : delayMs({ failures: this.#failures++, hintMs: 0, hidden: false })
    this.#timer = setTimeout(() => void this.#work(), ms)
  }

  /** Whether the server knows, or does not want to. */
  async #tell(alertId: number, mark: Mark): Promise<boolean> {
    try {
      const response = await fetch(`${this.#options.url}/${alertId}/${mark}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${this.#options.token}` },
        // Who acknowledges and closes the page has acknowledged.
        keepalive: true,
        signal: AbortSignal.timeout(limitMs),
      })
      const { code, detail } = await problemIn(response)
      if (response.ok) return true
      if (code === undefined || response.status >= 500 || response.status === 429) return false
      if (!this.#closed) this.#options.onProblem({ code, detail: `Alert ${alertId} is not ${mark}: ${detail}` })
      return true
    } catch {
      return false
    }
  }
}
