import { type Db, prepared } from '#internal/db/pool'

/** Position of the newest event; 0 before the first. */
export async function headPosition(db: Db): Promise<number> {
  const row = await db('log_head').first('position')
  return row.position
}

const head = { name: 'log_head_position', text: 'select position from log_head' }

/** Whether there is anything after `position`, for those who ask again and again. */
export async function isBehind(db: Db, position: number): Promise<boolean> {
  const [row] = await prepared<{ position: number }>(db, head, [])
  return row!.position > position
}

/** The smallest cursor that can still be honoured: one before the oldest kept event. */
export async function oldestCursor(db: Db): Promise<number> {
  const { rows } = await db.raw(
    'select coalesce((select min(position) - 1 from events), (select position from log_head)) as cursor',
  )
  return rows[0].cursor
}
