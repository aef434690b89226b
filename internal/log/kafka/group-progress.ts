import type { Knex } from 'knex'
import type { Db } from '#internal/db/pool'

/** A group that is new begins with the oldest event that is kept. */
export async function ensureGroup(db: Db, group: string): Promise<void> {
  await db.raw(
    `insert into log_group_partitions (name, partition, position)
    select ?, partition, coalesce((select min(position) - 1 from events), 0) from log_partitions
    on conflict do nothing`,
    [group],
  )
}

/**
 * Up to where the group has handled each of these partitions, by partition; nobody else handles them until the transaction ends. A
 * partition that is handled as far as it was published is so up to there, however long nothing came.
 */
export async function lockPartitions(
  trx: Knex.Transaction,
  group: string,
  partitions: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await trx.raw(
    `select g.partition,
      case when p.position <= g.position then greatest(g.position, h.published) else g.position end as position
    from log_group_partitions g join log_partitions p using (partition), log_head h
    where g.name = ? and g.partition = any(?) order by g.partition for update of g`,
    [group, [...partitions]],
  )
  if (rows.length < partitions.length)
    throw new Error(`${group} has no partitions ${partitions.join(', ')}: the topic has more than the log was made for`)
  return new Map((rows as { partition: number; position: number }[]).map((row) => [row.partition, row.position]))
}

/** All events of these partitions up to `position` are handled. */
export async function setPosition(
  trx: Knex.Transaction,
  group: string,
  partitions: readonly number[],
  position: number,
): Promise<void> {
  await trx('log_group_partitions')
    .where({ name: group })
    .whereIn('partition', partitions)
    .where('position', '<', position)
    .update({ position })
}

/**
 * Where the group stands in each partition that has more for it, by partition; by `undefined` how far the log is on Kafka, when that is
 * not all of it.
 */
export async function waitingAt(db: Db, group: string): Promise<Map<number | undefined, number>> {
  const { rows } = await db.raw(
    `select g.partition, g.position from log_group_partitions g join log_partitions p using (partition)
    where g.name = ? and p.position > g.position
    union all select null, published from log_head where position > published`,
    [group],
  )
  return new Map(
    (rows as { partition: number | null; position: number }[]).map((row) => [row.partition ?? undefined, row.position]),
  )
}
