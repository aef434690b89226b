import { z } from 'zod'
import { administer, getAccount } from '#internal/accounts/change'
import { register } from '#internal/accounts/register'
import { listAccounts } from '#internal/accounts/store'
import { accountView } from '#internal/accounts/view'
import { Problem } from '#internal/runtime/problem'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, listOf, page, pageQuery } from '../http/pages.ts'
import { callerOf, type Principal } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { accountChanges, accountSchema, registration, usernameParams } from './schema.ts'

const tag = 'accounts'
const path = '/api/v1/accounts'

export function accountRoutes({ clock, config, hasher, rateLimits }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Register an account. While registration is closed only an admin may.',
      tag,
      access: 'public',
      credentials: 'optional',
      body: registration(config.PASSWORD_MIN_LENGTH),
      responses: { 201: accountSchema },
      problems: [403, 409, 429],
      async handler({ body, db, principal, request }) {
        await mayRegister({ config, rateLimits }, principal, request.address)
        const account = await register(db, { hasher, now: clock.now() }, body)
        const view = accountView(account, { id: account.id, role: 'member' })
        return { status: 201, body: view, headers: { location: `${path}/${account.username}` } }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'List accounts by username.',
      tag,
      access: 'account',
      query: z.object({
        ...pageQuery.shape,
        query: z.string().min(1).max(100).optional().describe('Part of a username, or the beginning of a name.'),
      }),
      responses: { 200: listOf(accountSchema) },
      async handler({ query, db, principal }) {
        const [after] = decodeCursor(query.after, z.tuple([z.string()])) ?? []
        const viewer = callerOf(principal).account
        return page({
          path,
          query,
          rows: await listAccounts(db, { query: query.query, after, limit: query.limit }),
          key: (account) => [account.username.toLowerCase()],
          view: (account) => accountView(account, viewer),
        })
      },
    }),
    route({
      method: 'get',
      path: `${path}/:username`,
      summary: 'One account.',
      tag,
      access: 'account',
      params: usernameParams,
      responses: { 200: accountSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        const account = await getAccount(db, params.username)
        return { status: 200, body: accountView(account, callerOf(principal).account) }
      },
    }),
    route({
      method: 'patch',
      path: `${path}/:username`,
      summary: 'Change the role of an account, disable or enable it, or take its lost TOTP away.',
      tag,
      access: 'admin',
      params: usernameParams,
      body: accountChanges,
      responses: { 200: accountSchema },
      problems: [404, 409],
      async handler({ params, body, db, principal }) {
        const account = await administer(db, params.username, body, clock.now())
        return { status: 200, body: accountView(account, callerOf(principal).account) }
      },
    }),
  ]
}

/** Admins may always, and as often as they like. @throws 403 `registration_closed`; 429 `too_many_registrations` */
export async function mayRegister(
  { config, rateLimits }: Pick<ApiDeps, 'config' | 'rateLimits'>,
  principal: Principal | undefined,
  address: string,
): Promise<void> {
  if (principal?.kind === 'account' && principal.account.role === 'admin') return
  if (config.REGISTRATION === 'closed')
    throw new Problem('forbidden', 'registration_closed', 'Registration is closed. Ask an admin for an account.')
  await rateLimits.countRegistration(address)
}
