import { z } from 'zod'
import { setStatus } from '#internal/statuses/statuses'
import { usernameParams } from '../accounts/schema.ts'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { readStatus, statusBody } from '../statuses/routes.ts'

const tag = 'classic'
const statusAnswer = z.strictObject({ status: z.string().nullable() })

export function classicStatusRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  return [
    route({
      method: 'get',
      path: '/ping',
      summary: 'Whether the API answers.',
      tag,
      access: 'public',
      responses: { 200: z.literal('pong') },
      media: 'text/plain; charset=utf-8',
      handler: async () => ({ status: 200, body: 'pong' }),
    }),
    route({
      method: 'post',
      path: '/status',
      summary: 'Set your status.',
      tag,
      access: 'account',
      body: statusBody,
      responses: { 200: statusAnswer },
      async handler({ body, db, principal }) {
        const options = { text: body.status, now: clock.now(), hours: config.STATUS_HOURS }
        const { status } = await setStatus(db, callerOf(principal).account, options)
        return { status: 200, body: { status } }
      },
    }),
    route({
      method: 'get',
      path: '/status/:username',
      summary: 'The status of an account.',
      tag,
      access: 'public',
      params: usernameParams,
      responses: { 200: statusAnswer },
      problems: [404],
      async handler({ params, db }) {
        const { status } = await readStatus(db, params.username, clock.now())
        return { status: 200, body: { status } }
      },
    }),
  ]
}
