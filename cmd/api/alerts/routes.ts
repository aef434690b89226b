import { z } from 'zod'
import type { Alert, Channel } from '#internal/alerts/alert'
import { findAlert, listAlerts, raiseAlert } from '#internal/alerts/alert-store'
import { countRollCall, listRollCall } from '#internal/alerts/roll-call-store'
import { alertView, countsView, rollCallItemView } from '#internal/alerts/views'
import type { Db } from '#internal/db/pool'
import { type ChannelConfig, missingSettings } from '#internal/deliveries/channel-settings'
import { invalidField, Problem } from '#internal/runtime/problem'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, int32Max, listOf, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { alertBody, alertParams, alertSchema, rollCallQuery, rollCallSchema } from './schema.ts'

const tag = 'alerts'
const path = '/api/v1/alerts'
const afterKey = z.tuple([z.int().min(0).max(int32Max)])

export const alertNotFound = () => new Problem('not_found', 'alert_not_found', 'There is no such alert.')

export async function requireAlert(db: Db, id: number): Promise<Alert> {
  const alert = await findAlert(db, id)
  if (!alert) throw alertNotFound()
  return alert
}

/** @throws 422 naming the settings that a channel lacks. */
export function requireChannels(channels: readonly Channel[], config: ChannelConfig, path = 'channels'): void {
  for (const channel of channels) {
    const missing = channel === 'inbox' ? [] : missingSettings(channel, config)
    if (missing.length === 0) continue
    const names = missing.map((name) => `BELFRY_${name}`).join(' and ')
    throw invalidField(path, `${channel} is not configured: ${names} is not set`)
  }
}

export function alertRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Raise an alert to the listed objects or to all.',
      tag,
      access: 'dispatcher',
      body: alertBody,
      responses: { 201: alertSchema },
      async handler({ body, db, principal }) {
        const { text, severity, alert_all, object_ids, acknowledge_by, escalate_to, channels } = body
        if (acknowledge_by && acknowledge_by <= clock.now())
          throw invalidField('acknowledge_by', 'must be in the future')
        requireChannels(channels, config)
        const raise = {
          text,
          severity,
          alertAll: alert_all,
          objectIds: object_ids,
          acknowledgeBy: acknowledge_by ?? null,
          raisedBy: callerOf(principal).account.username,
          channels,
          ...(escalate_to && { escalateTo: escalate_to }),
        }
        return { status: 201, body: alertView(await raiseAlert(db, raise, clock)) }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'All alerts, newest first.',
      tag,
      access: 'dispatcher',
      query: pageQuery,
      responses: { 200: listOf(alertSchema) },
      async handler({ query, db }) {
        const [before] = decodeCursor(query.after, afterKey) ?? []
        const rows = await listAlerts(db, before, query.limit + 1)
        return page({ path, query, rows, key: (alert) => [alert.id], view: alertView })
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'One alert.',
      tag,
      access: 'dispatcher',
      params: alertParams,
      responses: { 200: alertSchema },
      problems: [404],
      async handler({ params, db }) {
        return { status: 200, body: alertView(await requireAlert(db, params.id)) }
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id/roll-call`,
      summary:
        'Who was targeted, who got it, read it, acknowledged it, and who is missing; in the order of object ids.',
      tag,
      access: 'dispatcher',
      params: alertParams,
      query: rollCallQuery,
      responses: { 200: rollCallSchema },
      problems: [404],
      async handler({ params, query, db }) {
        const [after] = decodeCursor(query.after, afterKey) ?? [0]
        const alert = await requireAlert(db, params.id)
        const [counts, rows] = await Promise.all([
          countRollCall(db, alert),
          listRollCall(db, alert, query.state, after, query.limit + 1),
        ])
        const list = page({
          path: `${path}/${alert.id}/roll-call`,
          query,
          rows,
          key: (item) => [item.object_id],
          view: rollCallItemView,
        })
        return { ...list, body: { counts: countsView(counts), ...(list.body as object) } }
      },
    }),
  ]
}
