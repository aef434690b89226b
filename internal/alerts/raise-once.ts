import type { Knex } from 'knex'
import type { Db } from '#internal/db/pool'
import type { Clock } from '#internal/runtime/clock'
import type { Raise } from './alert.ts'
import { raiseAlert } from './alert-store.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Days that a key is kept: far longer than anything tries a due time again. */
export const keyDays = 7

export interface RaisedOnce {
  alertId: number
  /** The objects that it went to. */
  objects: number
  /** False when the key had raised it before. */
  isNew: boolean
}

/**
 * Raises the alert, unless the key has raised one already: that one is what comes back then. Any number may call it at once and be killed
 * anywhere; the key and the alert with its events are there together or not at all.
 */
export async function raiseOnce(db: Knex, key: string, raise: Raise, clock: Clock): Promise<RaisedOnce> {
  return db.transaction(async (trx) => {
    // Waits for a transaction that has the same key: it raises the alert, or takes the key back.
    const mine = await trx('alert_keys')
      .insert({ key, created_at: clock.now() })
      .onConflict('key')
      .ignore()
      .returning('key')
    if (mine.length === 0) {
      const before = await trx('alert_keys as k').join('alerts as a', 'a.id', 'k.alert_id').where({ key }).first('a.*')
      return { alertId: before.id, objects: before.number_of_objects_receiving_alert, isNew: false }
    }
    const alert = await raiseAlert(trx, raise, clock)
    await trx('alert_keys').where({ key }).update({ alert_id: alert.id })
    return { alertId: alert.id, objects: alert.number_of_objects_receiving_alert, isNew: true }
  })
}

/** Forgets keys that nothing comes back to. */
export async function deleteOldKeys(db: Db, now: Date): Promise<void> {
  await db('alert_keys')
    .where('created_at', '<', new Date(now.getTime() - keyDays * dayMs))
    .delete()
}
