import { type Db, prepared } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'

type State = 'delivered' | 'read' | 'acknowledged'

/** How many receipts of each alert entered each state. */
export class Steps {
  readonly byAlert = new Map<number, Record<State, number>>()

  add(alertId: number, state: State, count = 1): void {
    const counts = this.byAlert.get(alertId) ?? { delivered: 0, read: 0, acknowledged: 0 }
    counts[state] += count
    this.byAlert.set(alertId, counts)
  }
}

// In the order of ids, as everybody who needs several of these rows, so that nobody deadlocks.
const lock = {
  name: 'tallies_lock',
  text: 'select alert_id from alert_tallies where alert_id = any($1::int[]) order by alert_id for no key update',
}

const move = {
  name: 'tallies_move',
  text: `
    update alert_tallies t set changed = true,
      delivered = t.delivered + s.delivered, read = t.read + s.read, acknowledged = t.acknowledged + s.acknowledged
    from unnest($1::int[], $2::int[], $3::int[], $4::int[]) as s(alert_id, delivered, read, acknowledged)
    where t.alert_id = s.alert_id`,
}

/** Adds to the counts of the roll-calls, in the transaction of the receipts, and asks for them to be announced. */
export async function moveTallies(db: Db, steps: Steps): Promise<void> {
  if (steps.byAlert.size === 0) return
  const ids = [...steps.byAlert.keys()]
  const counts = [...steps.byAlert.values()]
  await prepared(db, lock, [ids])
  await prepared(db, move, [
    ids,
    counts.map((count) => count.delivered),
    counts.map((count) => count.read),
    counts.map((count) => count.acknowledged),
  ])
}

// Waits for a row that is being counted rather than leave it for later: while deliveries pour in it would always be locked.
const take = {
  name: 'tallies_take',
  text: `
    with picked as materialized (
      select alert_id from alert_tallies where changed order by alert_id limit 1000 for no key update
    ), taken as (
      update alert_tallies t set changed = false from picked where t.alert_id = picked.alert_id
      returning t.alert_id, t.delivered, t.read, t.acknowledged
    )
    select taken.*, a.number_of_objects_receiving_alert as targeted from taken join alerts a on a.id = alert_id`,
}

interface Taken extends Record<State, number> {
  alert_id: number
  targeted: number
}

/** Emits the counts of the roll-calls that moved since they were last announced; at most 1000. Returns how many. */
export async function announceTallies(db: Db, clock: Clock): Promise<number> {
  return db.transaction(async (trx) => {
    const taken = await prepared<Taken>(trx, take, [])
    const events = taken.map(({ alert_id, targeted, delivered, read, acknowledged }): NewEvent => {
      const counts = { targeted, delivered, read, acknowledged }
      return { scope: 'alerts', event: 'alert.receipt_advanced', data: { alert_id, counts } }
    })
    // After the counts were taken, however long that took: no event is older than what it counts.
    await emit(trx, events, clock.now())
    return taken.length
  })
}
