import type { Db } from '#internal/db/pool'
import type { Clock } from '#internal/runtime/clock'
import { Problem } from '#internal/runtime/problem'
import { planFiring } from './due.ts'
import { claimDue, type DueSchedule, moveOn, recordFailed, recordSkipped, recordTry } from './firing-store.ts'
import { type AlertContent, type MessageContent, mayScheduleAlerts, type Owner } from './schedule.ts'
import { alertsForbidden } from './schedules.ts'

const minuteMs = 60_000

/** What a firing does, each on the firing's transaction. A Problem says for good that it may not be; anything else is tried again. */
export interface Effects {
  raiseAlert(trx: Db, owner: Owner, content: AlertContent, now: Date): Promise<unknown>
  postMessage(trx: Db, owner: Owner, content: MessageContent, now: Date): Promise<unknown>
}

export interface FireDeps extends Effects {
  clock: Clock
  /** For how long after its due time a recurring one still fires, and for how long a failed firing is tried again. */
  catchUpMinutes: number
  /** Told of failures that are not the owner's doing. */
  onError: (error: unknown, scheduleId: number) => void
}

export type Counts = Record<'fired' | 'failed' | 'skipped', number>
type Outcome = keyof Counts

/**
 * Fires every schedule that is due, each in a transaction of its own: the record of the firing, what it sent with its events, and the
 * next due time are there together or not at all. So any number may run at once and be killed at any point, and a due time
 * fires at most once. A failure concerns the one schedule; it stays due until the next run.
 */
export async function fireDue(db: Db, deps: FireDeps): Promise<Counts> {
  const counts = { fired: 0, failed: 0, skipped: 0 }
  const failed: number[] = []
  for (;;) {
    const now = deps.clock.now()
    let id: number | undefined
    try {
      const outcome = await db.transaction(async (trx) => {
        const schedule = await claimDue(trx, now, failed)
        id = schedule?.id
        return schedule && fire(trx, schedule, now, deps)
      })
      if (!outcome) return counts
      counts[outcome]++
      if (outcome === 'failed') failed.push(id as number)
    } catch (error) {
      // Not even a claim: PostgreSQL is away, and the next run finds everything as it was.
      if (id === undefined) throw error
      deps.onError(error, id)
      counts.failed++
      failed.push(id)
    }
  }
}

async function fire(trx: Db, schedule: DueSchedule, now: Date, deps: FireDeps): Promise<Outcome> {
  const { id } = schedule
  const catchUpMs = deps.catchUpMinutes * minuteMs
  const { due, skipped, next } = planFiring(schedule, schedule.next_at, now, catchUpMs)
  if (skipped) await recordSkipped(trx, id, skipped, now)
  const firstTry = due && (await recordTry(trx, id, due, now))
  if (!due || !firstTry) {
    await moveOn(trx, id, { next_at: next })
    return 'skipped'
  }
  const failure = await attempt(trx, schedule, now, deps)
  if (!failure) {
    await moveOn(trx, id, { next_at: next, last_fired_at: now, last_error: null })
    return 'fired'
  }
  await recordFailed(trx, id, due, failure.reason)
  const isOver = failure.final || now.getTime() - firstTry.getTime() >= catchUpMs
  await moveOn(trx, id, { next_at: isOver ? next : due, last_error: failure.reason })
  return 'failed'
}

/** Does what the schedule is for, or nothing: a failure takes back what was begun and leaves the transaction usable. */
async function attempt(
  trx: Db,
  schedule: DueSchedule,
  now: Date,
  deps: FireDeps,
): Promise<{ reason: string; final: boolean } | undefined> {
  try {
    await trx.transaction((savepoint) => send(savepoint, schedule, now, deps))
    return undefined
  } catch (error) {
    if (error instanceof Problem && error.kind !== 'unavailable') return { reason: error.message, final: true }
    deps.onError(error, schedule.id)
    return { reason: 'Something went wrong. It is tried again.', final: false }
  }
}

async function send(trx: Db, schedule: DueSchedule, now: Date, effects: Effects): Promise<void> {
  if (schedule.disabled_at) throw new Problem('forbidden', 'forbidden', 'The account of its owner is disabled.')
  const owner = { id: schedule.owner_id, username: schedule.owner, role: schedule.role }
  if (schedule.kind === 'message') await effects.postMessage(trx, owner, schedule.content, now)
  else if (!mayScheduleAlerts(owner)) throw alertsForbidden()
  else await effects.raiseAlert(trx, owner, schedule.content, now)
}
