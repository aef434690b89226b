/** The next $2 events after position $1. */
export const eventsAfter = {
  name: 'events_after',
  text: `select position, scope, event, at, data, traceparent from events where position > $1 order by position limit $2`,
}
