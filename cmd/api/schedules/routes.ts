import { z } from 'zod'
import { hasScope } from '#internal/accounts/api-key'
import { requireMember } from '#internal/conversations/require-member'
import { Problem } from '#internal/runtime/problem'
import { type Content, scheduleView } from '#internal/schedules/schedule'
import {
  type CheckConversation,
  changeSchedule,
  createSchedule,
  getSchedule,
  removeSchedule,
} from '#internal/schedules/schedules'
import { listSchedules } from '#internal/schedules/store'
import { requireChannels } from '../alerts/routes.ts'
import type { ApiConfig } from '../config.ts'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, listOf, page, pageQuery } from '../http/pages.ts'
import { type AccountPrincipal, callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { scheduleBody, scheduleChanges, scheduleParams, scheduleSchema } from './schema.ts'

const tag = 'schedules'
const path = '/api/v1/schedules'
const beforeKey = z.tuple([z.int().min(1)])

const checkConversation: CheckConversation = (db, account, id) => requireMember(db, id, account)

/** What the body says is to be sent, if it does. @throws 422 for a channel that is not configured, 403 when an API key may not send it */
function contentOf(
  { alert, message }: Pick<z.output<typeof scheduleChanges>, 'alert' | 'message'>,
  { by }: AccountPrincipal,
  config: ApiConfig,
): Content | undefined {
  if (alert) {
    requireChannels(alert.channels, config, 'alert.channels')
    return { kind: 'alert', content: alert }
  }
  // The route asks for the scope of alerts; a key must not get to post by a detour.
  if (message && 'scopes' in by && !hasScope(by.scopes, 'messages'))
    throw new Problem('forbidden', 'scope_missing', 'This API key lacks the scope messages.')
  return message && { kind: 'message', content: message }
}

export function scheduleRoutes({ clock, config }: Pick<ApiDeps, 'clock' | 'config'>): Route[] {
  const deps = () => ({ now: clock.now(), checkConversation })
  return [
    route({
      method: 'post',
      path,
      summary:
        'Schedule an alert (dispatchers) or a message (members of its conversation): once, or by a cron expression.',
      tag,
      access: 'account',
      body: scheduleBody,
      responses: { 201: scheduleSchema },
      problems: [403, 404, 409],
      async handler({ body, db, principal }) {
        const { name = null, at, cron, time_zone } = body
        const timing = at
          ? { at, cron: null, time_zone: null }
          : { at: null, cron: cron as string, time_zone: time_zone as string }
        const caller = callerOf(principal)
        const schedule = { name, ...timing, ...(contentOf(body, caller, config) as Content) }
        const made = await createSchedule(db, caller.account, schedule, deps())
        return { status: 201, body: scheduleView(made) }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Your schedules, newest first. Dispatchers see every schedule of an alert, admins all.',
      tag,
      access: 'account',
      query: pageQuery,
      responses: { 200: listOf(scheduleSchema) },
      async handler({ query, db, principal }) {
        const [before] = decodeCursor(query.after, beforeKey) ?? []
        const rows = await listSchedules(db, callerOf(principal).account, before, query.limit + 1)
        return page({ path, query, rows, key: ({ id }) => [id], view: scheduleView })
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'One schedule.',
      tag,
      access: 'account',
      params: scheduleParams,
      responses: { 200: scheduleSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        return { status: 200, body: scheduleView(await getSchedule(db, callerOf(principal).account, params.id)) }
      },
    }),
    route({
      method: 'patch',
      path: `${path}/:id`,
      summary: 'Change, pause or resume a schedule. What was due while it was paused is not made up for.',
      tag,
      access: 'account',
      params: scheduleParams,
      body: scheduleChanges,
      responses: { 200: scheduleSchema },
      problems: [403, 404],
      async handler({ params, body, db, principal }) {
        const { alert: _, message: __, ...changes } = body
        const caller = callerOf(principal)
        const content = contentOf(body, caller, config)
        const all = { ...changes, ...(content && { content }) }
        const changed = await changeSchedule(db, caller.account, params.id, all, deps())
        return { status: 200, body: scheduleView(changed) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Delete a schedule. What it has sent stays.',
      tag,
      access: 'account',
      params: scheduleParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await removeSchedule(db, callerOf(principal).account, params.id)
        return { status: 204 }
      },
    }),
  ]
}
