import { z } from 'zod'
import { confirmTotp, endTotp, startTotp } from '#internal/accounts/totp'
import { ownView } from '#internal/accounts/view'
import type { ApiDeps } from '../deps.ts'
import { sessionOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { meSchema, totpCode } from './schema.ts'

const tag = 'me'
const path = '/api/v1/me/totp'
const body = z.strictObject({ code: totpCode })

const secretSchema = z
  .strictObject({
    secret: z.string().describe('Base32, shown this once.'),
    otpauth_url: z.string().describe('The same for a QR code.'),
  })
  .meta({ id: 'TotpSecret' })

export function totpRoutes({ clock, codes, limits }: ApiDeps): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'A secret for an authenticator. Logging in asks for codes once one was confirmed.',
      tag,
      access: 'session',
      responses: { 201: secretSchema },
      problems: [409],
      secret: true,
      async handler({ db, principal }) {
        return { status: 201, body: await startTotp(db, codes, sessionOf(principal).account) }
      },
    }),
    route({
      method: 'post',
      path: `${path}/confirm`,
      summary: 'Enable TOTP by a first code. A code works once.',
      tag,
      access: 'session',
      body,
      responses: { 200: meSchema },
      problems: [404, 409],
      secret: true,
      async handler({ body, db, principal }) {
        const { id } = sessionOf(principal).account
        return { status: 200, body: ownView(await confirmTotp(db, codes, id, body.code, clock.now())) }
      },
    }),
    route({
      method: 'delete',
      path,
      summary: 'Disable TOTP by a code.',
      tag,
      access: 'session',
      body,
      responses: { 204: undefined },
      problems: [404, 429],
      async handler({ body, db, principal, request }) {
        const { account } = sessionOf(principal)
        const what = { account, code: body.code, address: request.address }
        await endTotp(db, { codes, limits, now: clock.now() }, what)
        return { status: 204 }
      },
    }),
  ]
}
