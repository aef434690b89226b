import type { Db } from '#internal/db/pool'
import type { Owner, Schedule } from './schedule.ts'

/** A schedule that is due, with its owner as the owner is now. */
export type DueSchedule = Schedule & { next_at: Date; role: Owner['role']; disabled_at: Date | null }

/** Locks the schedule that is due for longest until the end of the transaction; those that others hold are theirs. */
export async function claimDue(trx: Db, now: Date, except: readonly number[]): Promise<DueSchedule | undefined> {
  const { rows } = await trx.raw(
    `select s.*, o.username as owner, o.role, o.disabled_at from schedules s join accounts o on o.id = s.owner_id
     where s.next_at <= ? and s.id <> all(?::bigint[])
     order by s.next_at, s.id limit 1 for update of s skip locked`,
    [now, [...except]],
  )
  return rows[0]
}

/** Notes that due times were passed over. One that was tried before stays as it is. */
export async function recordSkipped(
  trx: Db,
  id: number,
  { from, until }: { from: Date; until: Date },
  now: Date,
): Promise<void> {
  const row = { schedule_id: id, due_at: from, skipped_until: until, outcome: 'skipped' }
  await trx('schedule_firings')
    .insert({ ...row, first_tried_at: now, tried_at: now })
    .onConflict()
    .ignore()
}

/**
 * Notes a firing, as fired until `recordFailed` says otherwise. Returns when this due time was first tried; undefined when it has fired
 * already.
 */
export async function recordTry(trx: Db, id: number, due: Date, now: Date): Promise<Date | undefined> {
  const { rows } = await trx.raw(
    `insert into schedule_firings as f (schedule_id, due_at, outcome, first_tried_at, tried_at)
     values (?, ?, 'fired', ?, ?)
     on conflict (schedule_id, due_at) do update set outcome = 'fired', error = null, tried_at = excluded.tried_at
     where f.outcome <> 'fired'
     returning first_tried_at`,
    [id, due, now, now],
  )
  return rows[0]?.first_tried_at
}

export async function recordFailed(trx: Db, id: number, due: Date, error: string): Promise<void> {
  await trx('schedule_firings').where({ schedule_id: id, due_at: due }).update({ outcome: 'failed', error })
}

/** Moves a schedule on. */
export async function moveOn(
  trx: Db,
  id: number,
  changes: Partial<Pick<Schedule, 'next_at' | 'last_fired_at' | 'last_error'>>,
): Promise<void> {
  await trx('schedules').where({ id }).update(changes)
}

/** Forgets firings from before `before`, which nothing comes back to. */
export async function deleteFirings(db: Db, before: Date): Promise<number> {
  return db('schedule_firings').where('tried_at', '<', before).delete()
}
