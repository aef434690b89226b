import { z } from 'zod'
import { membershipsAsOf } from '#internal/conversations/memberships'
import type { Db } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { headPosition, oldestCursor } from '#internal/log/head'
import { Problem } from '#internal/runtime/problem'
import { walk } from '#internal/stream/page'
import { accountScopes, Visibility } from '#internal/stream/visibility'
import type { ApiDeps } from '../deps.ts'
import { pageQuery } from '../http/pages.ts'
import { type AccountPrincipal, callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'

const path = '/api/v1/events'

const eventsQuery = z.object({
  limit: pageQuery.shape.limit,
  after: z
    .string()
    .regex(/^\d{1,30}$/, 'must be a position: a whole number that is not negative')
    .transform(Number)
    .optional()
    .describe(
      'The `next` of the page before, or the position of the last event that you have. Without it: from now on.',
    ),
  wait: z.coerce
    .number()
    .min(0)
    .max(30)
    .default(0)
    .describe('Seconds to wait for an event when there is none yet, at most 30.'),
})

const eventSchema = z
  .strictObject({
    position: z.int().describe('Place in the log.'),
    scope: z.string().describe('Who sees it, e.g. `conversation:7`.'),
    event: z.string().describe('What happened, e.g. `message.posted`.'),
    at: z.iso.datetime(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' })

const eventsSchema = z.strictObject({
  items: z.array(eventSchema),
  next: z.int().describe('`after` of the next page. There always is one.'),
})

export function eventRoutes({ arrivals, clock }: Pick<ApiDeps, 'arrivals' | 'clock'>): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'The events that you may see, in order: what the stream sends, as pages.',
      tag: 'stream',
      access: 'account',
      query: eventsQuery,
      responses: { 200: eventsSchema },
      problems: [409],
      async handler({ query, db, principal, request }) {
        const { limit, wait } = query
        const endsAt = clock.now().getTime() + wait * 1000
        const head = await headPosition(db)
        const after = query.after ?? head
        await requireKept(db, after, head)
        const visibility = await visibilityAt(db, callerOf(principal).account, after)
        let walked = await walk(db, visibility, { after, upTo: head, limit })
        while (walked.events.length === 0) {
          const ms = endsAt - clock.now().getTime()
          const { scopes } = visibility
          if (!(await arrivals.next({ scopes, after: walked.position, ms, onGone: request.onGone }))) break
          walked = await walk(db, visibility, { after: walked.position, upTo: await headPosition(db), limit })
        }
        const { events, position } = walked
        const headers: Record<string, string> =
          events.length === limit ? { link: `<${path}?limit=${limit}&after=${position}>; rel="next"` } : {}
        return { status: 200, body: { items: events.map(eventView), next: position }, headers }
      },
    }),
  ]
}

/** @throws 409 instead of a silent hole */
async function requireKept(db: Db, after: number, head: number): Promise<void> {
  if (after > head)
    throw new Problem('conflict', 'cursor_ahead', `The log ends at position ${head}. Load what you show anew.`)
  if (after > 0 && after < head && after < (await oldestCursor(db)))
    throw new Problem(
      'conflict',
      'cursor_too_old',
      'Events after this position are not kept any more. Load what you show anew.',
    )
}

async function visibilityAt(db: Db, { id, role }: AccountPrincipal['account'], after: number): Promise<Visibility> {
  const visibility = new Visibility(accountScopes(id, role))
  const [start] = await membershipsAsOf(db, [{ accountId: id, after }])
  visibility.begin(start!)
  return visibility
}

const eventView = ({ position, scope, event, at, data }: LogEvent) => ({
  position,
  scope,
  event,
  at: at.toISOString(),
  data: JSON.parse(data),
})
