import { type Db, prepared } from '#internal/db/pool'
import type { LogEvent, Scope } from '#internal/events/event'

const statement = {
  name: 'push_events_in_scopes',
  // Per scope, so that each is a short walk of the index (scope, position) whatever else is in the log.
  text: `
    select e.* from unnest($1::text[]) as s(scope)
    cross join lateral (
      select position, scope, event, at, data, traceparent from events
      where events.scope = s.scope and position > $2 and position <= $3
      order by position limit $4
    ) e
    order by position limit $4`,
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
