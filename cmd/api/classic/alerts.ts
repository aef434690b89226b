import { z } from 'zod'
import { raiseAlert } from '#internal/alerts/alert-store'
import { alertFields } from '#internal/alerts/fields'
import { parsePhone } from '#internal/alerts/object'
import { createObject } from '#internal/alerts/object-store'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { objectBody } from '../objects/schema.ts'

const tag = 'classic'

const objectAnswer = z.strictObject({ id: z.int(), email: z.string(), phone_number: z.string() })
const alertAnswer = z.strictObject({
  id: z.int(),
  text: z.string(),
  alert_all: z.boolean(),
  number_of_objects_receiving_alert: z.int(),
})

export function classicAlertRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  return [
    route({
      method: 'post',
      path: '/object',
      summary: 'Create an object, a recipient of alerts.',
      tag,
      access: 'dispatcher',
      body: objectBody(config.PHONE_COUNTRY),
      responses: { 200: objectAnswer },
      async handler({ body: { email, phone_number }, db }) {
        const phone_e164 = parsePhone(phone_number, config.PHONE_COUNTRY)!
        const { id } = await createObject(db, { email, phone_number, phone_e164 }, clock)
        return { status: 200, body: { id, email, phone_number } }
      },
    }),
    route({
      method: 'post',
      path: '/alert',
      summary: 'Raise an alert to the listed objects or to all.',
      tag,
      access: 'dispatcher',
      body: z.strictObject(alertFields),
      responses: { 200: alertAnswer },
      async handler({ body: { text, object_ids, alert_all }, db, principal }) {
        const raise = {
          text,
          severity: 'info' as const,
          alertAll: alert_all,
          objectIds: object_ids,
          acknowledgeBy: null,
          raisedBy: callerOf(principal).account.username,
        }
        const { id, number_of_objects_receiving_alert } = await raiseAlert(db, raise, clock)
        return { status: 200, body: { id, text, alert_all, number_of_objects_receiving_alert } }
      },
    }),
  ]
}
