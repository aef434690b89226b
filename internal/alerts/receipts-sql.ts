import type { Statement } from '#internal/db/pool'
import { isTargeted } from './alert-sql.ts'

/**
 * Locks the objects of a batch of marks, in the order of ids. Whoever writes receipts, inbox_marks or removes an object holds its
 * row first, so everything below sees settled state, counts each transition once and cannot deadlock. $1 object ids.
 */
export const lockObjects: Statement = {
  name: 'receipts_lock_objects',
  text: `
    select id from objects where id = any($1::int[]) and removed_version is null order by id for no key update`,
}

/**
 * Reads and acknowledgements, $1 alert ids, $2 object ids, $3 whether acknowledged, $4 times. Only of alerts that target the
 * object; the first time wins; times of one receipt never run backwards. Returns the receipts that changed and what they had.
 */
export const advanceReceipts: Statement = {
  name: 'receipts_advance',
  text: `
    with mark as (
      select alert_id, object_id, min(at) as read_at, min(at) filter (where acknowledged) as acknowledged_at
      from unnest($1::int[], $2::int[], $3::bool[], $4::timestamptz[]) as u(alert_id, object_id, acknowledged, at)
      group by alert_id, object_id
    ), due as materialized (
      select m.alert_id, m.object_id,
        r.alert_id is null as newly_delivered,
        r.read_at is null as newly_read,
        m.acknowledged_at is not null and r.acknowledged_at is null as newly_acknowledged,
        coalesce(r.delivered_at, m.read_at) as delivered_at,
        coalesce(r.read_at, greatest(m.read_at, r.delivered_at)) as read_at,
        case when m.acknowledged_at is null then r.acknowledged_at
          else coalesce(r.acknowledged_at, greatest(m.acknowledged_at, r.read_at, r.delivered_at)) end as acknowledged_at
      from mark m
      join objects o on o.id = m.object_id and o.removed_version is null
      join alerts a on a.id = m.alert_id
      left join alert_receipts r on r.alert_id = m.alert_id and r.object_id = m.object_id
      where (r.read_at is null or (m.acknowledged_at is not null and r.acknowledged_at is null))
        and ${isTargeted}
    ), stored as (
      insert into alert_receipts (alert_id, object_id, delivered_at, read_at, acknowledged_at)
      select alert_id, object_id, delivered_at, read_at, acknowledged_at from due
      on conflict (alert_id, object_id)
        do update set read_at = excluded.read_at, acknowledged_at = excluded.acknowledged_at
    )
    select * from due order by alert_id, object_id`,
}

/**
 * Deliveries, $1 object ids, $2 positions, $3 times: every alert that came into the object's inbox after its mark and up to the
 * position is delivered, and the mark moves there. A position that the log has not reached is no proof of anything. Returns how
 * many receipts each alert has got.
 *
 * "offset 0" keeps the look-up of an object's own events a walk of the index (scope, position), one per mark: the planner
 * might read the whole log instead. Events to all objects are read once for all marks.
 */
export const deliverUpTo: Statement = {
  name: 'receipts_deliver',
  text: `
    with mark as materialized (
      select u.object_id, u.position, u.at, coalesce(i.position, 0) as after, o.created_version
      from unnest($1::int[], $2::bigint[], $3::timestamptz[]) as u(object_id, position, at)
      join objects o on o.id = u.object_id and o.removed_version is null
      left join inbox_marks i on i.object_id = u.object_id
      where u.position > coalesce(i.position, 0) and u.position <= (select position from log_head)
    ), to_all as materialized (
      select position, (data->>'id')::int as alert_id, (data->>'directory_version')::bigint as version
      from events
      where scope = 'objects' and event = 'alert.raised'
        and position > (select min(after) from mark) and position <= (select max(position) from mark)
    ), reached as (
      select to_all.alert_id, mark.object_id, mark.at
      from mark join to_all on to_all.position > mark.after and to_all.position <= mark.position
        and mark.created_version <= to_all.version
      union all
      select (own.data->>'id')::int, mark.object_id, mark.at
      from mark cross join lateral (
        select data from events
        where scope = 'object:' || mark.object_id and event = 'alert.raised'
          and position > mark.after and position <= mark.position
        offset 0
      ) own
    ), stored as (
      insert into alert_receipts (alert_id, object_id, delivered_at)
      select alert_id, object_id, min(at) from reached group by alert_id, object_id
      on conflict do nothing
      returning alert_id
    ), moved as (
      insert into inbox_marks (object_id, position)
      select object_id, max(position) from mark group by object_id
      on conflict (object_id) do update set position = excluded.position where inbox_marks.position < excluded.position
    )
    select alert_id, count(*) as delivered from stored group by alert_id`,
}
