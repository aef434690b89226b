import type { Statement } from '#internal/db/pool'

/*
 * An alert is raised by one statement, so everything in it sees one snapshot, and state and events commit together.
 *
 * Why the tally of an alert to all is exact under READ COMMITTED: whoever creates or removes an object updates the one row of
 * object_directory and holds it until the commit. So versions become visible in order, and a snapshot that sees version V sees
 * exactly the objects of V, and `total` is their number. Ids are taken under the same lock: they ascend with the versions.
 *
 * Times come in as RFC 3339 text, so that the event's JSON has them as REST gives them.
 */

/** Whether the alert `a` targets the object `o`, which is present. */
export const isTargeted = `
        case when a.alert_all then o.created_version <= a.directory_version
          else exists (select from alert_targets t where t.alert_id = a.id and t.object_id = o.id) end`

const view = `
    select id, text, severity, alert_all, number_of_objects_receiving_alert, $3::text as acknowledge_by,
      channels, escalates, $5::text as created_at, raised_by
    from alert`
const columns = `
  text, severity, alert_all, number_of_objects_receiving_alert, acknowledge_by, raised_by, created_at, channels, escalates`

/** What goes with every new alert: a tally, a deadline if it has one, and a round of deliveries if the inbox is not all. */
const along = `
    tally as (
      insert into alert_tallies (alert_id) select id from alert
    ), deadline as (
      insert into alert_deadlines (alert_id, at, escalate_to)
      select id, acknowledge_by, $9::int[] from alert where acknowledge_by is not null
    ), round as (
      insert into delivery_rounds (alert_id, round, channels, audience, announce, created_at)
      select id, 0, array_remove(channels, 'inbox'), 'all', false, created_at from alert where channels <> '{inbox}'
    )`

/**
 * $1 text, $2 severity, $3 acknowledge_by, $4 raised_by, $5 now, $6 traceparent, $7 channels, $8 the alert that it escalates,
 * $9 whom to escalate to (int4) or null, $10 object ids (int4). Returns the alert.
 */
export const raiseListed: Statement = {
  name: 'alert_raise_listed',
  text: `
    with target as materialized (
      select id from objects where id = any($10::int[]) and removed_version is null
    ), alert as (
      insert into alerts (${columns})
      select $1::text, $2::text, false, (select count(*) from target), $3::text::timestamptz, $4::text, $5::text::timestamptz,
        $7::text[], $8::int
      returning *
    ), listed as (
      insert into alert_targets (alert_id, object_id) select alert.id, target.id from alert, target order by target.id
    ), ${along}, item as materialized (
      select row_to_json(i) as data
      from (select id, text, severity, $5::text as created_at from alert) i
    ), event as (
      select 0 as place, 'alerts' as scope, row_to_json(v) as data from (${view}) v
      union all
      select target.id, 'object:' || target.id, item.data from target, item
    ), announced as (
      insert into outbox (scope, event, at, data, traceparent)
      select scope, 'alert.raised', $5::text::timestamptz, data, $6::text from event order by place
    )
    select * from alert`,
}

/** $1 to $9 as above. The number of objects does not matter. */
export const raiseToAll: Statement = {
  name: 'alert_raise_to_all',
  text: `
    with alert as (
      insert into alerts (${columns}, directory_version, last_object_id)
      select $1::text, $2::text, true, total, $3::text::timestamptz, $4::text, $5::text::timestamptz,
        $7::text[], $8::int, version, coalesce((select max(id) from objects), 0)
      from object_directory
      returning *
    ), ${along}, event as (
      select 0 as place, 'alerts' as scope, row_to_json(v) as data from (${view}) v
      union all
      select 1, 'objects', row_to_json(i)
      from (select id, text, severity, $5::text as created_at, directory_version from alert) i
    ), announced as (
      insert into outbox (scope, event, at, data, traceparent)
      select scope, 'alert.raised', $5::text::timestamptz, data, $6::text from event order by place
    )
    select * from alert`,
}
