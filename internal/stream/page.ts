import type { Db } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { eventsInScopes } from '#internal/log/events-in-scopes'
import { changeOf, type Visibility } from './visibility.ts'

const pageSize = 200

export interface Walked {
  events: LogEvent[]
  /** Where the reader is now: it has all that it sees up to here. */
  position: number
}

/** The next events that a reader who is at `after` sees, up to `limit` of them and none beyond the position `upTo`. */
export async function walk(
  db: Db,
  visibility: Visibility,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<Walked> {
  const walked: Walked = { events: [], position: after }
  while (walked.position < upTo && walked.events.length < limit) {
    const page = await eventsInScopes(db, visibility.scopes, walked.position, upTo, pageSize)
    const whole = take(walked, page, visibility, limit)
    if (whole && page.length < pageSize) walked.position = upTo
  }
  return walked
}

/** Returns whether it got to the end of the page. Behind an event that opens a scope the page lacks the events of that scope. */
function take(walked: Walked, page: LogEvent[], visibility: Visibility, limit: number): boolean {
  for (const event of page) {
    if (walked.events.length === limit) return false
    const placed = { position: event.position, scope: event.scope, change: changeOf(event) }
    if (visibility.shows(placed)) walked.events.push(event)
    const effect = visibility.apply(placed)
    walked.position = event.position
    if (effect && 'opened' in effect) return false
  }
  return true
}
