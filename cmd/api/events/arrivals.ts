import { type Db, prepared } from '#internal/db/pool'
import type { Scope } from '#internal/events/event'
import { sleep } from '#internal/runtime/backoff'
import { Problem } from '#internal/runtime/problem'

const pollMs = 100
// Each is an open request and little else; they end with their time or their client.
const maxWaiting = 1000

const scopesAfter = {
  name: 'events_scopes_after',
  text: `
    select h.position,
      array(select distinct scope from events where position > $1 and position <= h.position) as scopes
    from log_head h`,
}

export interface Wait {
  scopes: readonly Scope[]
  /** Position up to which the caller has looked. */
  after: number
  ms: number
  /** Tells when nobody waits for the answer any more. */
  onGone: (listener: () => void) => void
}

/**
 * Tells requests that wait when the log has something new for them. All of them together cost one small query at a time, and nothing
 * while nobody waits.
 */
export class Arrivals {
  readonly #db: Db
  /** What wakes each request that waits, by scope. */
  readonly #byScope = new Map<Scope, Set<() => void>>()
  #waiting = 0
  #position = 0
  #watching = false
  #closed = false

  constructor(db: Db) {
    this.#db = db
  }

  /**
   * Resolves with true when there may be an event of these scopes after the position, with false when the time is up, the client has
   * gone or the process stops.
   * @throws 503 when too many wait
   */
  async next({ scopes, after, ms, onGone }: Wait): Promise<boolean> {
    if (this.#closed || ms <= 0) return false
    if (this.#waiting >= maxWaiting)
      throw new Problem('unavailable', 'busy', 'Too many requests wait for events.', { retryAfter: 1 })
    // Something came between the caller's look and now.
    if (after < this.#position) return true
    if (this.#waiting === 0) this.#position = after
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const wake = () => resolve(!this.#closed)
    const timer = setTimeout(resolve, ms, false)
    onGone(() => resolve(false))
    this.#add(scopes, wake)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#remove(scopes, wake)
    }
  }

  /** Nobody waits from now on: those who do are answered. */
  close(): void {
    this.#closed = true
    this.#wakeAll()
  }

  #add(scopes: readonly Scope[], wake: () => void): void {
    for (const scope of scopes) {
      const waiting = this.#byScope.get(scope)
      if (waiting) waiting.add(wake)
      else this.#byScope.set(scope, new Set([wake]))
    }
    this.#waiting++
    if (!this.#watching) void this.#watch()
  }

  #remove(scopes: readonly Scope[], wake: () => void): void {
    this.#waiting--
    for (const scope of scopes) {
      const waiting = this.#byScope.get(scope)
      waiting?.delete(wake)
      if (waiting?.size === 0) this.#byScope.delete(scope)
    }
  }

  async #watch(): Promise<void> {
    this.#watching = true
    while (this.#waiting > 0) {
      // Whoever waits finds out by itself that PostgreSQL is away, and says so.
      await this.#look().catch(() => this.#wakeAll())
      await sleep(pollMs)
    }
    this.#watching = false
  }

  async #look(): Promise<void> {
    const [found] = await prepared<{ position: number; scopes: Scope[] }>(this.#db, scopesAfter, [this.#position])
    this.#position = found!.position
    for (const scope of found!.scopes) for (const wake of this.#byScope.get(scope) ?? []) wake()
  }

  #wakeAll(): void {
    for (const waiting of this.#byScope.values()) for (const wake of waiting) wake()
  }
}
