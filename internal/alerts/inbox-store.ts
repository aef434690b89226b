import { type Db, prepared } from '#internal/db/pool'
import type { Severity } from './alert.ts'
import { isTargeted } from './alert-sql.ts'
import { isIntId } from './object.ts'

/** An alert in the inbox of one object. */
export interface InboxItem {
  id: number
  text: string
  severity: Severity
  created_at: Date
  /** Its first in the log; null while it is on its way there (milliseconds) and after retention. */
  position: number | null
  delivered_at: Date | null
  read_at: Date | null
  acknowledged_at: Date | null
}

/**
 * Events that raise an alert in the inbox of object $1, from position $2 on: its own and those to all. Only the first one of each
 * alert: it has the alert's own time; one that has not was sent again, and counts if the first one is no longer kept.
 */
const raised = (scope: string, condition = '') => `
    select e.position, (e.data->>'id')::int as alert_id from events e
    where e.scope = ${scope} and e.event = 'alert.raised' and e.position > $2::bigint ${condition}
      and (e.at = (e.data->>'created_at')::timestamptz or not exists (
        select from events f
        where f.scope in ('objects', 'object:' || $1::int) and f.event = 'alert.raised' and f.position < e.position
          and (f.data->>'id')::int = (e.data->>'id')::int
      ))`

const toOne = raised(`'object:' || $1::int`)
const toAll = raised(
  `'objects'`,
  `and (e.data->>'directory_version')::bigint >= (select created_version from objects where id = $1)`,
)

const page = {
  name: 'inbox_page',
  text: `
    select a.id, a.text, a.severity, a.created_at, i.position, r.delivered_at, r.read_at, r.acknowledged_at
    from (
      (${toOne} order by e.position limit $3) union all (${toAll} order by e.position limit $3)
      order by position limit $3
    ) i
    join alerts a on a.id = i.alert_id
    left join alert_receipts r on r.alert_id = a.id and r.object_id = $1
    order by i.position`,
}

/** What the log keeps of the inbox, oldest first like the socket, those after position `after`. */
export async function listInbox(db: Db, objectId: number, after: number, limit: number): Promise<InboxItem[]> {
  return prepared<InboxItem>(db, page, [objectId, after, limit])
}

const one = {
  name: 'inbox_item',
  text: `
    select a.id, a.text, a.severity, a.created_at, r.delivered_at, r.read_at, r.acknowledged_at, (
      select min(e.position) from events e
      where e.scope = case when a.alert_all then 'objects' else 'object:' || o.id end and e.event = 'alert.raised'
        and (e.data->>'id')::int = a.id
    ) as position
    from alerts a
    join objects o on o.id = $1 and o.removed_version is null
    left join alert_receipts r on r.alert_id = a.id and r.object_id = o.id
    where a.id = $2 and ${isTargeted}`,
}

/** Undefined when the object is unknown or removed, or the alert does not target it. */
export async function findInboxItem(db: Db, objectId: number, alertId: number): Promise<InboxItem | undefined> {
  if (!isIntId(objectId) || !isIntId(alertId)) return undefined
  const [item] = await prepared<InboxItem>(db, one, [objectId, alertId])
  return item
}

const targeted = {
  name: 'inbox_targeted',
  text: `
    select from alerts a join objects o on o.id = $1 and o.removed_version is null where a.id = $2 and ${isTargeted}`,
}

/** Whether the alert is one of the object's, which must be present. */
export async function wasTargeted(db: Db, objectId: number, alertId: number): Promise<boolean> {
  if (!isIntId(objectId) || !isIntId(alertId)) return false
  const rows = await prepared(db, targeted, [objectId, alertId])
  return rows.length > 0
}
