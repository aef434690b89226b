import { z } from 'zod'
import { resendAlert } from '#internal/alerts/resend'
import { outwardChannels } from '#internal/deliveries/delivery'
import { countDeliveries, listDeliveries } from '#internal/deliveries/list-store'
import { countsView, deliveryView } from '#internal/deliveries/views'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, int32Max, page } from '../http/pages.ts'
import { type Route, route } from '../http/route.ts'
import { requireAlert } from './routes.ts'
import { alertParams, deliveriesQuery, deliveriesSchema, resendBody, resendSchema } from './schema.ts'

const tag = 'alerts'
const path = '/api/v1/alerts/:id'
const id = z.int().min(0).max(int32Max)
const afterKey = z.tuple([z.enum(outwardChannels), id, id])

/** Sending an alert again, and what became of its e-mails, SMS and webhooks. */
export function alertDeliveryRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'post',
      path: `${path}/resend`,
      summary: 'Send an alert again, over all its channels, to all its objects or to those that are missing.',
      tag,
      access: 'dispatcher',
      params: alertParams,
      body: resendBody,
      responses: { 202: resendSchema },
      problems: [404],
      async handler({ params, body, db }) {
        const alert = await requireAlert(db, params.id)
        const { alert_id, round, to, created_at } = await resendAlert(db, alert, body.to, clock)
        return { status: 202, body: { alert_id, round, to, created_at: created_at.toISOString() } }
      },
    }),
    route({
      method: 'get',
      path: `${path}/deliveries`,
      summary: 'What became of the e-mails, SMS and webhooks of an alert; by channel, object and round.',
      tag,
      access: 'dispatcher',
      params: alertParams,
      query: deliveriesQuery,
      responses: { 200: deliveriesSchema },
      problems: [404],
      async handler({ params, query, db }) {
        const after = decodeCursor(query.after, afterKey)
        const alert = await requireAlert(db, params.id)
        const counts = await countDeliveries(db, alert.id)
        const list = page({
          path: `/api/v1/alerts/${alert.id}/deliveries`,
          query,
          rows: await listDeliveries(db, alert.id, query, after, query.limit + 1),
          key: ({ channel, object_id, round }) => [channel, object_id, round],
          view: deliveryView,
        })
        return { ...list, body: { ...countsView(counts, alert.channels), ...(list.body as object) } }
      },
    }),
  ]
}
