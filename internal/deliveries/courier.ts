import type { Knex } from 'knex'
import { storeDeadLetter } from '#internal/log/dead-letters'
import { backoffMs, sleep } from '#internal/runtime/backoff'
import type { Clock } from '#internal/runtime/clock'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Message, Outcome, OutwardChannel, Sender } from './delivery.ts'
import { judge, type RetryRules, type Verdict } from './retry.ts'
import { type Claim, claimDeliveries, markDead, markFailed, markSent } from './store.ts'

export interface CourierOptions {
  db: Knex
  sender: Sender
  rules: RetryRules
  /** Attempts at once. */
  slots: number
  /** An attempt that takes longer has failed. */
  attemptTimeoutMs: number
  /** After it the worker that made an attempt counts as dead. Well above the time-out. */
  leaseMs: number
  /** Attempts that run when `stop` is called have so long to end. */
  graceMs: number
  /** Longest rest while nothing is due. */
  pollMs: number
  clock: Clock
  logger: Logger
  metrics: Pick<Metrics, 'deliveries' | 'deliveryAttemptSeconds' | 'deadLetters' | 'loopErrors'>
}

/** A provider that asks for patience is left alone for so long at most; then one asks again. */
const maxPauseMs = 5 * 60_000
const maxErrorLength = 500

/** What became of a claim. Without `letter` false, a dead one leaves a dead letter. */
type Result = Verdict & { letter?: boolean }

/**
 * Delivers what is due by one channel, up to `slots` at once. Channels have couriers of their own, so one whose provider stalls holds
 * up no other. Any number of processes may run one for the same channel.
 */
export class Courier {
  readonly #options: CourierOptions
  readonly #loop: Loop
  readonly #running = new Set<Promise<void>>()
  readonly #stopping = new AbortController()
  readonly #breakers = new Set<AbortController>()
  #pausedUntilMs = 0

  constructor(options: CourierOptions) {
    this.#options = options
    const { sender, pollMs, metrics } = options
    const { channel } = sender
    for (const outcome of outcomes) metrics.deliveries.inc({ channel, outcome }, 0)
    metrics.deliveryAttemptSeconds.zero({ channel })
    metrics.deadLetters.inc({ group: sourceOf(channel) }, 0)
    this.#loop = new Loop({
      turn: () => this.#turn(),
      idle: { minMs: Math.min(50, pollMs), maxMs: pollMs },
      onError: failedTurns(options, `delivery ${channel}`, 'deliveries were not taken, trying again', { channel }),
    }).start()
  }

  /** Something may be due. */
  wake(): void {
    this.#loop.wake()
  }

  /** Takes no more; attempts that run may end, and are broken off after the grace. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#loop.stop()
    const timer = setTimeout(() => this.#breakOff(), this.#options.graceMs)
    await Promise.all(this.#running)
    clearTimeout(timer)
    this.#options.sender.close()
  }

  #breakOff(): void {
    for (const breaker of this.#breakers) breaker.abort()
  }

  async #turn(): Promise<Found> {
    const { db, sender, slots, leaseMs, clock } = this.#options
    const now = clock.now()
    const free = slots - this.#running.size
    if (free === 0 || now.getTime() < this.#pausedUntilMs) return 'none'
    const leaseEndsAt = new Date(now.getTime() + leaseMs)
    const claims = await claimDeliveries(db, sender.channel, free, now, leaseEndsAt)
    for (const claimed of claims) {
      const attempt = this.#attempt(claimed).finally(() => {
        this.#running.delete(attempt)
        this.#loop.wake()
      })
      this.#running.add(attempt)
    }
    if (claims.length === 0) return 'none'
    return claims.length === free ? 'more' : 'some'
  }

  /** Never rejects. */
  async #attempt(claimed: Claim): Promise<void> {
    const { logger, metrics, sender } = this.#options
    const result = await this.#send(claimed)
    const { channel } = sender
    metrics.deliveries.inc({ channel, outcome: outcomeLabel(result) })
    // What cannot be recorded would be sent again after the lease: try as long as there is one.
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#record(claimed, result)
        return
      } catch (error) {
        const isOver = this.#stopping.signal.aborted || this.#options.clock.now() >= claimed.leaseEndsAt
        logger[attempt === 0 || isOver ? 'warn' : 'debug'](
          { error, channel },
          'the outcome of a delivery was not stored',
        )
        if (isOver) return
        await sleep(backoffMs(attempt, 50, 2000), this.#stopping.signal)
      }
    }
  }

  async #send({ message, attempts }: Claim): Promise<Result> {
    const { sender, clock, rules } = this.#options
    if (!message) return { kind: 'dead', error: 'The object was removed.', letter: false }
    if (attempts > rules.attempts) return { kind: 'dead', error: 'The worker ended in the last attempt.' }
    const outcome = await this.#call((signal) => sender.send(message, signal))
    const nowMs = clock.now().getTime()
    if (outcome.kind === 'throttled') this.#pausedUntilMs = nowMs + Math.min(outcome.retryAfterMs, maxPauseMs)
    return judge(outcome, attempts, nowMs - message.round_at.getTime(), rules)
  }

  /** Never rejects, and takes no longer than an attempt may. */
  async #call(send: (signal: AbortSignal) => Promise<Outcome>): Promise<Outcome> {
    const { sender, attemptTimeoutMs, logger, metrics } = this.#options
    const { channel } = sender
    const breaker = new AbortController()
    this.#breakers.add(breaker)
    const timer = setTimeout(() => breaker.abort(), attemptTimeoutMs)
    const observe = metrics.deliveryAttemptSeconds.startTimer({ channel })
    try {
      return await send(breaker.signal)
    } catch (error) {
      logger.error({ error, channel }, 'a delivery failed for a reason of our own')
      return { kind: 'failed', error: String(error) }
    } finally {
      observe()
      clearTimeout(timer)
      this.#breakers.delete(breaker)
    }
  }

  async #record(claimed: Claim, result: Result): Promise<void> {
    const { db, clock } = this.#options
    if (result.kind === 'sent') return markSent(db, claimed, clock.now())
    const error = storable(result.error, claimed.message)
    if (result.kind === 'dead') return this.#bury(claimed, error, result.letter ?? true)
    const dueAt = new Date(clock.now().getTime() + result.inMs)
    await markFailed(db, claimed, { error, dueAt, counts: result.counts })
  }

  async #bury(claimed: Claim, error: string, letter: boolean): Promise<void> {
    const source = sourceOf(claimed.key.channel)
    const isMine = await this.#options.db.transaction(async (trx) => {
      const marked = await markDead(trx, claimed, error)
      if (marked && letter)
        await storeDeadLetter(trx, { source, position: null, payload: JSON.stringify(claimed.key), error })
      return marked
    })
    if (isMine && letter) this.#options.metrics.deadLetters.inc({ group: source })
  }
}

const outcomes = ['sent', 'failed', 'throttled', 'dead'] as const

/** Of its dead letters. */
const sourceOf = (channel: OutwardChannel) => `delivery:${channel}`

function outcomeLabel(result: Result): (typeof outcomes)[number] {
  if (result.kind !== 'again') return result.kind
  return result.counts ? 'failed' : 'throttled'
}

/** What others answered, as PostgreSQL takes it, without the address, which is to be forgotten with the object. */
function storable(error: string, message: Message | undefined): string {
  const nameless = message ? error.replaceAll(message.email, '***').replaceAll(message.phone_e164, '***') : error
  return nameless.replaceAll('\0', '').slice(0, maxErrorLength).toWellFormed()
}
