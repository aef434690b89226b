import type { Knex } from 'knex'
import { headPosition } from '#internal/log/head'
import { dropPartitionsBefore, ensurePartitions } from '#internal/log/partitions'
import type { Job } from './job.ts'

// Any number that no other advisory lock of the product uses.
const lockKey = 7_230_003
const ahead = 4
const dayMs = 24 * 60 * 60 * 1000

/**
 * Makes partitions of the log ahead of the relay and drops those that are older than the retention. Making and dropping lock the
 * whole log for a moment; when that moment does not come within two seconds the job fails instead of holding up everybody who
 * queues behind it, and the next run tries again.
 */
export const partitions: Job = async ({ db, clock, config }) => {
  const before = new Date(clock.now().getTime() - config.RETENTION_DAYS * dayMs)
  await exclusively(db, async (trx) => ensurePartitions(trx, await headPosition(trx), ahead))
  const dropped = await exclusively(db, (trx) => dropPartitionsBefore(trx, before))
  return { dropped: dropped?.length ?? 0 }
}

/** Runs the work in a transaction, unless another process is at it: then it is being done. */
function exclusively<T>(db: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T | undefined> {
  return db.transaction(async (trx) => {
    const { rows } = await trx.raw('select pg_try_advisory_xact_lock(?) as held', [lockKey])
    if (!rows[0].held) return undefined
    await trx.raw("set local lock_timeout = '2s'")
    return work(trx)
  })
}
