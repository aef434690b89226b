import type { Statement } from '#internal/db/pool'
import type { Alert } from './alert.ts'

export const rollCallStates = ['targeted', 'delivered', 'read', 'acknowledged', 'missing'] as const
/** Those who reached a state, or who are missing: not delivered or, where the alert asks for it, not acknowledged. */
export type RollCallState = (typeof rollCallStates)[number]

/*
 * Each is a walk along one index in the order of object ids: alert_targets' or, for an alert to all, the objects' themselves;
 * for a state that was reached, the index of the receipts in that state. Only the missing need two walks: "except" reads both
 * as far as $4, in a time that does not depend on how many are missing.
 *
 * $1 alert id, $2 after this object, $3 limit, $4 up to this object; for the targets of an alert to all also $5 its version.
 */
const listed = `
    select object_id from alert_targets where alert_id = $1 and object_id > $2 and object_id <= $4`
const toAll = `
    select id as object_id from objects
    where $1::int is not null and id > $2 and id <= $4 and created_version <= $5::bigint
      and (removed_version is null or removed_version > $5::bigint)`

const conditions = {
  delivered: '',
  read: 'and read_at is not null',
  acknowledged: 'and acknowledged_at is not null',
}
const reached = (state: keyof typeof conditions) => `
    select object_id from alert_receipts where alert_id = $1 and object_id > $2 and object_id <= $4 ${conditions[state]}`

/** "offset 0" keeps the look-up of 50 receipts what it is: a planner that expects few of them might read all of the alert's. */
const items = (name: string, ids: string): Statement => ({
  name: `roll_call_${name}`,
  text: `
    select i.object_id, (select email from objects where id = i.object_id) as email,
      r.delivered_at, r.read_at, r.acknowledged_at
    from (${ids} order by object_id limit $3) i
    left join lateral (
      select * from alert_receipts where alert_id = $1 and object_id = i.object_id offset 0
    ) r on true
    order by i.object_id`,
})

/** The statement for a stretch of the roll-call; it takes $5 when `versioned`. */
export function rollCallStretch(alert: Alert, state: RollCallState): { statement: Statement; versioned: boolean } {
  if (state !== 'targeted' && state !== 'missing') return { statement: items(state, reached(state)), versioned: false }
  const [kind, targets] = alert.alert_all ? ['all', toAll] : ['listed', listed]
  const versioned = alert.alert_all
  if (state === 'targeted') return { statement: items(`targeted_${kind}`, targets), versioned }
  const needed = alert.acknowledge_by ? 'acknowledged' : 'delivered'
  return { statement: items(`not_${needed}_${kind}`, `${targets} except ${reached(needed)}`), versioned }
}
