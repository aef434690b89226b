import { type Db, prepared } from '#internal/db/pool'
import type { LogEvent, Scope } from '#internal/events/event'

const statement = {
  name: 'events_in_scopes',
  // Per scope a short walk of the index (scope, position), whatever else is in the log; of what was found only the page itself is read.
  text: `
    select e.position, e.scope, e.event, e.at, e.data, e.traceparent
    from (
      select p.position from unnest($1::text[]) as s(scope)
      cross join lateral (
        select position from events
        where events.scope = s.scope and position > $2 and position <= $3
        order by position limit $4
      ) p
      order by p.position limit $4
    ) page
    join events e on e.position = page.position
    order by e.position`,
}

/** The next `limit` events of the scopes with a position in (after, upTo], in position order. */
export function eventsInScopes(
  db: Db,
  scopes: readonly Scope[],
  after: number,
  upTo: number,
  limit: number,
): Promise<LogEvent[]> {
  return prepared<LogEvent>(db, statement, [scopes, after, upTo, limit])
}
