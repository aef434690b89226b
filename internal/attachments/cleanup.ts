import type { Knex } from 'knex'
import type { Contents } from './contents.ts'
import { removeRows } from './store.ts'

/** How long an upload waits for a message that names it. */
const unattachedMs = 24 * 60 * 60 * 1000
/** How long an object that could not be removed is left alone. */
const againMs = 5 * 60 * 1000
const batchSize = 200
/** Requests to the storage at a time; a transaction waits for them. */
const parallel = 20

/** Removes uploads that no message has named within a day. Returns how many. */
export async function removeUnattached(db: Knex, now: Date): Promise<number> {
  const before = new Date(now.getTime() - unattachedMs)
  for (let total = 0; ; ) {
    const removed = await db.transaction(async (trx) => {
      const old = trx('attachments').whereNull('message_id').where('created_at', '<', before)
      // What a message takes at this moment is locked, and not old any more.
      const ids = await old.orderBy('created_at').limit(batchSize).forUpdate().skipLocked().pluck('id')
      return removeRows(trx, (query: Knex.QueryBuilder) => query.whereIn('id', ids))
    })
    total += removed
    if (removed === 0) return total
  }
}

/**
 * Removes the objects that are due from the storage. A key leaves the table with its object: whatever dies in between, the next run
 * does it again. Returns how many were removed. @throws the first error of the storage, after all others were tried
 */
export async function removeObjects(db: Knex, storage: Pick<Contents, 'remove'>, now: Date): Promise<number> {
  let failure: unknown
  for (let total = 0; ; ) {
    const { tried, removed } = await db.transaction(async (trx) => {
      const due = trx('attachment_removals').where('due_at', '<=', now).orderBy('due_at').limit(parallel)
      const keys: string[] = await due.forUpdate().skipLocked().pluck('object_key')
      const results = await Promise.allSettled(keys.map((key) => storage.remove(key)))
      const gone = keys.filter((_, n) => results[n]!.status === 'fulfilled')
      failure ??= results.find((result) => result.status === 'rejected')?.reason
      await trx('attachment_removals').whereIn('object_key', gone).delete()
      await trx('attachment_removals')
        .whereIn(
          'object_key',
          keys.filter((key) => !gone.includes(key)),
        )
        .update({ due_at: new Date(now.getTime() + againMs) })
      return { tried: keys.length, removed: gone.length }
    })
    total += removed
    if (tried > removed || tried === 0) {
      if (failure) throw failure
      return total
    }
  }
}
