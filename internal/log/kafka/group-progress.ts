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

/** Up to where the group has handled a partition. Nobody else handles it until the transaction ends. */
export async function lockPartition(trx: Knex.Transaction, group: string, partition: number): Promise<number> {
  const row = await trx('log_group_partitions').where({ name: group, partition }).forUpdate().first('position')
  if (!row) throw new Error(`${group} has no partition ${partition}: the topic has more than the log was made for`)
  return row.position
}

export async function setPosition(
  trx: Knex.Transaction,
  group: string,
  partition: number,
  position: number,
): Promise<void> {
  await trx('log_group_partitions').where({ name: group, partition }).update({ position })
}

/**
 * Up to where the group has handled each partition, by partition; nobody else handles any until the transaction ends. A partition
 * that is handled as far as it was published is so up to there, however long nothing came.
 */
export async function lockGroup(trx: Knex.Transaction, group: string): Promise<number[]> {
  const { rows } = await trx.raw(
    `select case when p.position <= g.position then greatest(g.position, h.published) else g.position end as position
    from log_group_partitions g join log_partitions p using (partition), log_head h
    where g.name = ? order by g.partition for update of g`,
    [group],
  )
  return (rows as { position: number }[]).map((row) => row.position)
}

/** All events up to `position` are handled. */
export async function setGroupPosition(trx: Knex.Transaction, group: string, position: number): Promise<void> {
  await trx('log_group_partitions').where({ name: group }).where('position', '<', position).update({ position })
}

/** Where the group stands, as text that changes with every step; undefined when nothing waits for it. */
export async function waitingAt(db: Db, group: string): Promise<string | undefined> {
  const { rows } = await db.raw(
    `select h.position > h.published or bool_or(p.position > g.position) as waiting, array_agg(g.position)::text as at
    from log_group_partitions g join log_partitions p using (partition), log_head h
    where g.name = ? group by h.position, h.published`,
    [group],
  )
  return rows[0]?.waiting ? rows[0].at : undefined
}
