import type { Knex } from 'knex'
import type { Db } from '#internal/db/pool'

/** How far the log is on Kafka. */
export interface Published {
  /** Every event up to here is. */
  position: number
  /** The last event of each partition, by partition; 0 before the first. */
  byPartition: number[]
}

/** Empty before `belfry migrate` has seen Kafka. Their number never changes: order is per partition. */
export async function readPublished(db: Db): Promise<Published> {
  const { rows } = await db.raw(
    `select published as position, array(select position from log_partitions order by partition)::text[] as by_partition
    from log_head`,
  )
  return { position: rows[0].position, byPartition: (rows[0].by_partition as string[]).map(Number) }
}

/** Never goes back, should a former relay still be at it. Losing the last second of it only repeats what readers then skip. */
export async function writePublished(db: Knex, { position, byPartition }: Published): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('set local synchronous_commit = off')
    await trx.raw('update log_head set published = ? where published < ?', [position, position])
    await trx.raw(
      `update log_partitions p set position = n.position
      from unnest(?::bigint[]) with ordinality n (position, ordinal)
      where p.partition = n.ordinal - 1 and p.position < n.position`,
      [byPartition],
    )
  })
}

/**
 * Fixes the number of partitions, once, and returns what it is. What is in the log by then is taken as published: readers have it
 * from PostgreSQL.
 */
export async function fixPartitions(db: Knex, count: number): Promise<number> {
  return db.transaction(async (trx) => {
    await trx.raw('lock table log_partitions in share row exclusive mode')
    const known = await trx('log_partitions').count().first()
    if (Number(known!.count) > 0) return Number(known!.count)
    await trx.raw('update log_head set published = position')
    await trx.raw(
      'insert into log_partitions select n, published from log_head, generate_series(0, ?::integer - 1) n',
      [count],
    )
    return count
  })
}
