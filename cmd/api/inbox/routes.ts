import { z } from 'zod'
import { severities } from '#internal/alerts/alert'
import { type InboxMark, markInboxItem } from '#internal/alerts/inbox'
import { listInbox } from '#internal/alerts/inbox-store'
import { findInboxObjects } from '#internal/alerts/object-store'
import { inboxItemView } from '#internal/alerts/views'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import { alertNotFound } from '../alerts/routes.ts'
import { timesFields } from '../alerts/schema.ts'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, int32Max, listOf, page, pageQuery, pathId } from '../http/pages.ts'
import type { Principal } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { objectNotFound } from '../objects/routes.ts'
import { objectParams } from '../objects/schema.ts'

const tag = 'inbox'
const path = '/api/v1/objects/:id/inbox'
const itemParams = z.strictObject({ id: pathId(int32Max), alert_id: pathId(int32Max) })
const afterKey = z.tuple([z.int().min(0)])

const itemSchema = z
  .strictObject({
    id: z.int().describe("The alert's."),
    text: z.string(),
    severity: z.enum(severities),
    created_at: z.iso.datetime(),
    position: z
      .int()
      .nullable()
      .describe('Place in the log; null in the moment before it has one and after retention.'),
    ...timesFields,
  })
  .meta({ id: 'InboxItem' })

/** @throws 403 for another object's token, whether or not that object exists; 404 for a dispatcher when it does not. */
async function openInbox(db: Db, principal: Principal | undefined, objectId: number): Promise<void> {
  if (principal?.kind === 'object' && principal.objectId !== objectId)
    throw new Problem('forbidden', 'forbidden', "This is another object's inbox.")
  const [object] = await findInboxObjects(db, [objectId])
  if (!object) throw objectNotFound()
}

export function inboxRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  const put = (action: string, kind: InboxMark['kind'], summary: string) =>
    route({
      method: 'put',
      path: `${path}/:alert_id/${action}`,
      summary,
      tag,
      access: 'inbox',
      params: itemParams,
      responses: { 200: itemSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        await openInbox(db, principal, params.id)
        const item = await markInboxItem(db, { kind, objectId: params.id, alertId: params.alert_id }, clock)
        if (!item) throw alertNotFound()
        return { status: 200, body: inboxItemView(item) }
      },
    })
  return [
    route({
      method: 'get',
      path,
      summary:
        'The alerts of an object within retention, oldest first, each once. To look is not to receive: no mark moves.',
      tag,
      access: 'inbox',
      params: objectParams,
      query: pageQuery,
      responses: { 200: listOf(itemSchema) },
      problems: [404],
      async handler({ params, query, db, principal }) {
        const [after] = decodeCursor(query.after, afterKey) ?? [0]
        await openInbox(db, principal, params.id)
        return page({
          path: path.replace(':id', String(params.id)),
          query,
          rows: await listInbox(db, params.id, after, query.limit + 1),
          key: (item) => [item.position!],
          view: inboxItemView,
        })
      },
    }),
    put('read', 'read', 'Mark an alert as read. May be repeated.'),
    put('acknowledged', 'acknowledged', 'Acknowledge an alert, which also reads it. May be repeated.'),
  ]
}
