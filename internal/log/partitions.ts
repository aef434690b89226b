import type { Db } from '#internal/db/pool'

/** Positions per partition of `events`. Small enough that retention drops in small steps, large enough that they stay few. */
export const partitionSize = 1_000_000

const name = (index: number) => `events_p${String(index).padStart(6, '0')}`
const indexOf = (position: number) => Math.floor(position / partitionSize)

/** Makes sure that the partition of `position` and the `ahead` next ones exist. Idempotent. */
export async function ensurePartitions(db: Db, position: number, ahead: number): Promise<void> {
  const first = indexOf(position)
  for (let index = first; index <= first + ahead; index++) {
    const from = index * partitionSize
    await db.raw(
      `create table if not exists ?? partition of events for values from (${from}) to (${from + partitionSize})`,
      [name(index)],
    )
  }
}

/**
 * Drops partitions whose newest event is older than `before`; never the one that is being written.
 * Returns the names dropped. Events are dropped from the oldest on, so positions that stay are without a gap.
 */
export async function dropPartitionsBefore(db: Db, before: Date): Promise<string[]> {
  const { position: head } = await db('log_head').first('position')
  const { rows } = await db.raw(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`,
  )
  const dropped: string[] = []
  for (const { name: partition } of rows as { name: string }[]) {
    const index = Number(partition.replace(/\D/g, ''))
    if (index >= indexOf(head)) break
    const newest = await db(partition).orderBy('position', 'desc').first('at')
    if (newest && newest.at >= before) break
    await db.raw('drop table ??', [partition])
    dropped.push(partition)
  }
  return dropped
}
