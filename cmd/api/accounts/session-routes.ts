import { z } from 'zod'
import { logIn } from '#internal/accounts/login'
import { endSession, openSession } from '#internal/accounts/sessions'
import { listSessions } from '#internal/accounts/sessions-store'
import { issueTicket } from '#internal/accounts/tickets'
import { ownView } from '#internal/accounts/view'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, listOf, page, pageQuery, pathId } from '../http/pages.ts'
import { sessionOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { credentials, loginSchema, sessionSchema, ticketSchema } from './schema.ts'

const tag = 'sessions'
const path = '/api/v1/sessions'
export const dayMs = 24 * 60 * 60 * 1000

export function sessionRoutes({ clock, config, hasher, limits, codes }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Log in.',
      tag,
      access: 'public',
      body: credentials,
      responses: { 201: loginSchema },
      problems: [401, 429],
      secret: true,
      async handler({ body, db, request }) {
        const account = await logIn(db, { hasher, limits, codes }, { ...body, address: request.address })
        const options = { now: clock.now(), lifetimeMs: config.SESSION_DAYS * dayMs, origin: request }
        const { token, expiresAt } = await openSession(db, account, options)
        return { status: 201, body: { token, expires_at: expiresAt.toISOString(), account: ownView(account) } }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Your sessions, newest first.',
      tag,
      access: 'session',
      query: pageQuery,
      responses: { 200: listOf(sessionSchema) },
      async handler({ query, db, principal }) {
        const { account, sessionId } = sessionOf(principal)
        const [after] = decodeCursor(query.after, z.tuple([z.int()])) ?? []
        return page({
          path,
          query,
          rows: await listSessions(db, { accountId: account.id, now: clock.now(), after, limit: query.limit }),
          key: (session) => [session.id],
          view: ({ id, created_at, expires_at, address, user_agent }) => ({
            id,
            created_at: created_at.toISOString(),
            expires_at: expires_at.toISOString(),
            address,
            user_agent,
            current: id === sessionId,
          }),
        })
      },
    }),
    route({
      method: 'delete',
      path: `${path}/current`,
      summary: 'Log out: end the session of this request.',
      tag,
      access: 'session',
      responses: { 204: undefined },
      async handler({ db, principal }) {
        const { account, sessionId } = sessionOf(principal)
        await endSession(db, account.id, sessionId, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'End one of your sessions.',
      tag,
      access: 'session',
      params: z.strictObject({ id: pathId() }),
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await endSession(db, sessionOf(principal).account.id, params.id, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/stream/tickets',
      summary: 'A ticket that opens one WebSocket within 60 seconds, for clients that cannot send headers.',
      tag: 'stream',
      access: 'session',
      responses: { 201: ticketSchema },
      secret: true,
      async handler({ db, principal }) {
        const { ticket, expiresAt } = await issueTicket(db, sessionOf(principal).sessionId, clock.now())
        return { status: 201, body: { ticket, expires_at: expiresAt.toISOString() } }
      },
    }),
  ]
}
