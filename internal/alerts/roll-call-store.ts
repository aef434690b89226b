import { type Db, prepared } from '#internal/db/pool'
import type { Alert } from './alert.ts'
import { type RollCallState, rollCallStretch } from './roll-call-sql.ts'

/** Cumulative: acknowledged implies read, read implies delivered. */
export interface Counts {
  targeted: number
  delivered: number
  read: number
  acknowledged: number
}

export interface RollCallItem {
  object_id: number
  /** Null of an object that was removed since. */
  email: string | null
  delivered_at: Date | null
  read_at: Date | null
  acknowledged_at: Date | null
}

/** Constant time, whatever the number of objects. */
export async function countRollCall(db: Db, alert: Alert): Promise<Counts> {
  const tally = await db('alert_tallies').where({ alert_id: alert.id }).first('delivered', 'read', 'acknowledged')
  return { targeted: alert.number_of_objects_receiving_alert, ...tally }
}

const maxId = 2_147_483_647
// The first page of many missing should be quick, and the search for few missing should not take many statements.
const stretch = { first: 2000, growth: 8, max: 128_000 }

/**
 * In the order of object ids, those after `after`. Whatever the number of objects a page is a short walk, but for a page of `missing`
 * that few are: that one must look at every target, in stretches.
 */
export async function listRollCall(
  db: Db,
  alert: Alert,
  state: RollCallState,
  after: number,
  limit: number,
): Promise<RollCallItem[]> {
  const last = alert.last_object_id ?? maxId
  if (state !== 'missing' || !alert.alert_all) return readStretch(db, alert, state, after, last, limit)
  const found: RollCallItem[] = []
  let size = stretch.first
  for (let from = after; from < last && found.length < limit; ) {
    const upTo = Math.min(last, from + size)
    found.push(...(await readStretch(db, alert, state, from, upTo, limit - found.length)))
    from = upTo
    size = Math.min(stretch.max, size * stretch.growth)
  }
  return found
}

function readStretch(db: Db, alert: Alert, state: RollCallState, after: number, upTo: number, limit: number) {
  const { statement, versioned } = rollCallStretch(alert, state)
  const values = [alert.id, after, limit, upTo]
  return prepared<RollCallItem>(db, statement, versioned ? [...values, alert.directory_version!] : values)
}
