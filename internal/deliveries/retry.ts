import { backoffMs } from '#internal/runtime/backoff'
import type { Outcome } from './delivery.ts'

export interface RetryRules {
  /** Attempts at one delivery, at most. */
  attempts: number
  /** The pause after the first attempt, about; each further one is twice as long, up to `maxMs`. */
  baseMs: number
  maxMs: number
}

/** Until then a delivery may wait for a provider that asks for fewer, without that counting as attempts. */
export const patienceMs = 24 * 60 * 60 * 1000

export type Verdict =
  | { kind: 'sent' }
  | { kind: 'again'; error: string; inMs: number; counts: boolean }
  | { kind: 'dead'; error: string }

/** What to do after an attempt, `attempts` being their number with this one, at a delivery that was asked for `ageMs` ago. */
export function judge(outcome: Outcome, attempts: number, ageMs: number, rules: RetryRules): Verdict {
  if (outcome.kind === 'sent') return outcome
  const { error } = outcome
  if (outcome.kind === 'refused') return { kind: 'dead', error }
  const pause = backoffMs(Math.max(0, attempts - 1), rules.baseMs, rules.maxMs)
  const inMs = Math.max(pause, outcome.retryAfterMs ?? 0)
  if (outcome.kind === 'throttled' && ageMs < patienceMs)
    return { kind: 'again', error, inMs: outcome.retryAfterMs, counts: false }
  if (attempts >= rules.attempts) return { kind: 'dead', error: `${error} (after ${attempts} attempts)` }
  return { kind: 'again', error, inMs, counts: true }
}
