import type { Statement } from '#internal/db/pool'

/** Advisory lock of the relay; no other lock of the product uses this number. */
export const relayLockKey = 7_230_002

/** Whether there is anything to move, at less than half the price of finding that out by moving. */
export const outboxHasRows: Statement = {
  name: 'outbox_has_rows',
  text: 'select exists(select from outbox) as waits',
}

/**
 * Moves up to $1 visible outbox rows, in id order, to the next positions. One statement, so one commit: a row is in the outbox or
 * in the log, never in both or neither. A row that commits later with a lower id gets a higher position: positions follow
 * commit visibility.
 */
export const relayBatch: Statement = {
  name: 'relay_batch',
  text: `
    with taken as (
      delete from outbox where id in (select id from outbox order by id limit $1)
      returning id, scope, event, at, data, traceparent
    ), numbered as (
      select row_number() over (order by id) as n, * from taken
    ), head as (
      update log_head set position = position + (select count(*) from taken)
      where exists (select from taken)
      returning position - (select count(*) from taken) as base
    ), moved as (
      insert into events (position, scope, event, at, data, traceparent)
      select head.base + n, scope, event, at, data, traceparent from numbered, head
      returning position, scope, event, at, data, traceparent
    )
    select * from moved order by position`,
}
