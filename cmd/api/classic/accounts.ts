import { z } from 'zod'
import { changeProfile } from '#internal/accounts/change'
import { logIn } from '#internal/accounts/login'
import { register } from '#internal/accounts/register'
import { openSession } from '#internal/accounts/sessions'
import { listAccounts } from '#internal/accounts/store'
import { accountView, maySeeEmail, ownView } from '#internal/accounts/view'
import { mayRegister } from '../accounts/routes.ts'
import { accountSchema, credentials, meSchema, registration, twitterChange } from '../accounts/schema.ts'
import { dayMs } from '../accounts/session-routes.ts'
import type { ApiDeps } from '../deps.ts'
import { barePage, decodeCursor } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'

const tag = 'classic'

/** The seeds list everybody; so does this in one page for an installation of their size, and by the `Link` header for a larger one. */
const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
  after: z.string().min(1).max(1000).optional(),
})
const afterKey = z.tuple([z.string()])

const userSchema = z.strictObject({
  id: z.int(),
  username: z.string(),
  email: z.string().nullable().describe('null for other accounts, except to admins.'),
})
const listedUserSchema = userSchema.extend({
  user_name: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
})

export function classicAccountRoutes({ clock, config, hasher, limits, jwts, codes, rateLimits }: ApiDeps): Route[] {
  const registerBody = registration(config.PASSWORD_MIN_LENGTH)
  return [
    route({
      method: 'post',
      path: '/register',
      summary: 'Register an account.',
      tag,
      access: 'public',
      credentials: 'optional',
      body: registerBody,
      responses: { 201: meSchema },
      problems: [403, 409, 429],
      async handler({ body, db, principal, request }) {
        await mayRegister({ config, rateLimits }, principal, request.address)
        return { status: 201, body: ownView(await register(db, { hasher, now: clock.now() }, body)) }
      },
    }),
    route({
      method: 'post',
      path: '/login',
      summary: 'Log in.',
      tag,
      access: 'public',
      body: credentials,
      responses: { 200: z.strictObject({ token: z.string() }) },
      problems: [401, 429],
      secret: true,
      async handler({ body, db, request }) {
        const account = await logIn(db, { hasher, limits, codes }, { ...body, address: request.address })
        const options = { now: clock.now(), lifetimeMs: config.SESSION_DAYS * dayMs, origin: request }
        const { token } = await openSession(db, account, options)
        return { status: 200, body: { token } }
      },
    }),
    route({
      method: 'get',
      path: '/users',
      summary: 'All accounts by username.',
      tag,
      access: 'account',
      query: listQuery,
      responses: { 200: z.array(accountSchema) },
      async handler({ query, db, principal }) {
        const viewer = callerOf(principal).account
        const [after] = decodeCursor(query.after, afterKey) ?? []
        return barePage({
          path: '/users',
          query,
          rows: await listAccounts(db, { after, limit: query.limit }),
          key: (account) => [account.username.toLowerCase()],
          view: (account) => accountView(account, viewer),
        })
      },
    }),
    route({
      method: 'patch',
      path: '/user',
      summary: 'Set your Twitter username.',
      tag,
      access: 'account',
      body: twitterChange,
      responses: { 200: meSchema },
      async handler({ body, db, principal }) {
        const account = await changeProfile(db, callerOf(principal).account.id, body, clock.now())
        return { status: 200, body: ownView(account) }
      },
    }),
    route({
      method: 'post',
      path: '/api/users',
      summary: 'Register an account.',
      tag,
      access: 'public',
      credentials: 'optional',
      body: registerBody,
      responses: { 201: userSchema },
      problems: [403, 409, 429],
      async handler({ body, db, principal, request }) {
        await mayRegister({ config, rateLimits }, principal, request.address)
        const { id, username, email } = await register(db, { hasher, now: clock.now() }, body)
        return { status: 201, body: { id, username, email } }
      },
    }),
    route({
      method: 'post',
      path: '/auth',
      summary: 'Log in for an access token (JWT), to be sent as `Authorization: JWT <token>`.',
      tag,
      access: 'public',
      body: credentials,
      responses: { 200: z.strictObject({ access_token: z.string() }) },
      problems: [401, 429],
      secret: true,
      async handler({ body, db, request }) {
        const account = await logIn(db, { hasher, limits, codes }, { ...body, address: request.address })
        const options = { now: clock.now(), lifetimeMs: config.JWT_MINUTES * 60_000, origin: request }
        const { id: sessionId, expiresAt } = await openSession(db, account, options)
        return { status: 200, body: { access_token: jwts.sign({ accountId: account.id, sessionId, expiresAt }) } }
      },
    }),
    route({
      method: 'get',
      path: '/api/users',
      summary: 'All accounts by username.',
      tag,
      access: 'account',
      query: listQuery,
      responses: { 200: z.array(listedUserSchema) },
      async handler({ query, db, principal }) {
        const viewer = callerOf(principal).account
        const [after] = decodeCursor(query.after, afterKey) ?? []
        return barePage({
          path: '/api/users',
          query,
          rows: await listAccounts(db, { after, limit: query.limit }),
          key: (account) => [account.username.toLowerCase()],
          view: (account) => ({
            id: account.id,
            username: account.username,
            email: maySeeEmail(viewer, account) ? account.email : null,
            user_name: account.username,
            first_name: account.first_name,
            last_name: account.last_name,
          }),
        })
      },
    }),
  ]
}
