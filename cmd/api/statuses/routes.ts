import { z } from 'zod'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import { clearStatus, getStatus, type StatusView, setStatus, statusView } from '#internal/statuses/statuses'
import { usernameParams } from '../accounts/schema.ts'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'

const tag = 'status'

export const statusBody = z.strictObject({ status: z.string().min(1).max(280) })

const statusSchema = z
  .strictObject({ status: z.string().nullable(), expires_at: z.iso.datetime().nullable() })
  .meta({ id: 'Status' })

export function statusRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  return [
    route({
      method: 'put',
      path: '/api/v1/me/status',
      summary: `Set your status. It ends after ${config.STATUS_HOURS} hours.`,
      tag,
      access: 'account',
      body: statusBody,
      responses: { 200: statusSchema },
      async handler({ body, db, principal }) {
        const options = { text: body.status, now: clock.now(), hours: config.STATUS_HOURS }
        return { status: 200, body: statusView(await setStatus(db, callerOf(principal).account, options)) }
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/me/status',
      summary: 'Take your status back.',
      tag,
      access: 'account',
      responses: { 204: undefined },
      async handler({ db, principal }) {
        await clearStatus(db, callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/accounts/:username/status',
      summary: 'The status of an account; nulls when it has none.',
      tag,
      access: 'public',
      params: usernameParams,
      responses: { 200: statusSchema },
      problems: [404],
      async handler({ params, db }) {
        return { status: 200, body: await readStatus(db, params.username, clock.now()) }
      },
    }),
  ]
}

/** @throws 404 when there is no such account. */
export async function readStatus(db: Db, username: string, now: Date): Promise<StatusView> {
  const status = await getStatus(db, username, now)
  if (!status) throw new Problem('not_found', 'account_not_found', 'There is no such account.')
  return statusView(status)
}
