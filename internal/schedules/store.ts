import type { Db } from '#internal/db/pool'
import type { Owner, Schedule } from './schedule.ts'

const select = `
  select s.*, o.username as owner from schedules s join accounts o on o.id = s.owner_id`

export interface NewRow {
  owner_id: number
  name: string | null
  kind: Schedule['kind']
  content: object
  at: Date | null
  cron: string | null
  time_zone: string | null
  next_at: Date | null
  created_at: Date
}

/** Stores a schedule, unless its owner has `max`: then undefined. Those of one owner are made one after the other. */
export async function insertSchedule(trx: Db, row: NewRow, max: number): Promise<number | undefined> {
  await trx.raw('select from accounts where id = ? for no key update', [row.owner_id])
  const { rows } = await trx.raw('select count(*)::int as count from schedules where owner_id = ?', [row.owner_id])
  if (rows[0].count >= max) return undefined
  const [made] = await trx('schedules').insert(row).returning('id')
  return made.id
}

export async function findSchedule(db: Db, id: number): Promise<Schedule | undefined> {
  const { rows } = await db.raw(`${select} where s.id = ?`, [id])
  return rows[0]
}

/** The same, locked until the end of the transaction: whoever fires or changes it waits. */
export async function lockSchedule(trx: Db, id: number): Promise<Schedule | undefined> {
  const { rows } = await trx.raw(`${select} where s.id = ? for update of s`, [id])
  return rows[0]
}

/** What `caller` may see, newest first, those before `before`. */
export async function listSchedules(
  db: Db,
  caller: Owner,
  before: number | undefined,
  limit: number,
): Promise<Schedule[]> {
  const visible = { admin: 'true', dispatcher: "(s.owner_id = ? or s.kind = 'alert')", member: 's.owner_id = ?' }
  const owner = caller.role === 'admin' ? [] : [caller.id]
  const { rows } = await db.raw(`${select} where ${visible[caller.role]} and s.id < ? order by s.id desc limit ?`, [
    ...owner,
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
  ])
  return rows
}

export async function updateSchedule(
  trx: Db,
  id: number,
  changes: Partial<NewRow> & { paused?: boolean },
): Promise<void> {
  await trx('schedules').where({ id }).update(changes)
}

/** Waits for a firing that is under way; its alert or message stays. */
export async function deleteSchedule(db: Db, id: number): Promise<void> {
  await db('schedules').where({ id }).delete()
}

/** The due time that has not been dealt with and comes, or came, first; undefined when none comes. */
export async function oldestDue(db: Db): Promise<Date | undefined> {
  const row = await db('schedules').whereNotNull('next_at').orderBy('next_at').first('next_at')
  return row?.next_at
}
