import { z } from 'zod'
import { changePassword, changeProfile } from '#internal/accounts/change'
import { accountById } from '#internal/accounts/store'
import { ownView } from '#internal/accounts/view'
import type { ApiDeps } from '../deps.ts'
import { callerOf, sessionOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { meSchema, newPassword, password, profileChanges } from './schema.ts'

const tag = 'me'

export function meRoutes({ clock, config, hasher, limits }: ApiDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/me',
      summary: 'Your own account.',
      tag,
      access: 'account',
      responses: { 200: meSchema },
      async handler({ db, principal }) {
        const account = await accountById(db, callerOf(principal).account.id)
        if (!account) throw new Error('an account without a row has a session')
        return { status: 200, body: ownView(account) }
      },
    }),
    route({
      method: 'patch',
      path: '/api/v1/me',
      summary: 'Change your own account; null clears a field.',
      tag,
      access: 'account',
      body: profileChanges,
      responses: { 200: meSchema },
      problems: [409],
      async handler({ body, db, principal }) {
        const account = await changeProfile(db, callerOf(principal).account.id, body, clock.now())
        return { status: 200, body: ownView(account) }
      },
    }),
    route({
      method: 'put',
      path: '/api/v1/me/password',
      summary: 'Change your password. All your other sessions end.',
      tag,
      access: 'session',
      body: z.strictObject({ current_password: password, new_password: newPassword(config.PASSWORD_MIN_LENGTH) }),
      responses: { 204: undefined },
      problems: [403, 429],
      async handler({ body, db, principal, request }) {
        const { account, sessionId } = sessionOf(principal)
        const { current_password: current, new_password: next } = body
        const change = { account, sessionId, current, next, address: request.address }
        await changePassword(db, { hasher, limits, now: clock.now() }, change)
        return { status: 204 }
      },
    }),
  ]
}
