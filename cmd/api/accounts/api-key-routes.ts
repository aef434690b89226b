import { z } from 'zod'
import { apiKeyView, keyScopes } from '#internal/accounts/api-key'
import { createApiKey, endApiKey } from '#internal/accounts/api-keys'
import { listApiKeys } from '#internal/accounts/api-keys-store'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, listOf, page, pageQuery, pathId } from '../http/pages.ts'
import { sessionOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { time } from '../http/time.ts'

const tag = 'api keys'
const path = '/api/v1/api-keys'

const keyFields = {
  id: z.int(),
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().describe('To the minute.'),
}
const keySchema = z.strictObject(keyFields).meta({ id: 'ApiKey' })
const newKeySchema = z
  .strictObject({ ...keyFields, key: z.string().describe('`bk_` and 64 hex digits, shown this once.') })
  .meta({ id: 'NewApiKey' })

const keyBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(keyScopes))
    .min(1)
    .max(keyScopes.length)
    .transform((scopes) => [...new Set(scopes)])
    .default(['all'])
    .describe('What the key may do, never more than the account. `read`: all that only reads.'),
  expires_at: time.nullish().describe('In the future; without it the key lasts until it is deleted.'),
})

export function apiKeyRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Make an API key, for a program that acts for your account.',
      tag,
      access: 'session',
      body: keyBody,
      responses: { 201: newKeySchema },
      secret: true,
      async handler({ body: { name, scopes, expires_at }, db, principal }) {
        const { id } = sessionOf(principal).account
        const { key, secret } = await createApiKey(db, id, { name, scopes, expiresAt: expires_at ?? null }, clock.now())
        return { status: 201, body: { ...apiKeyView(key), key: secret } }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'Your API keys, newest first, without the keys themselves.',
      tag,
      access: 'session',
      query: pageQuery,
      responses: { 200: listOf(keySchema) },
      async handler({ query, db, principal }) {
        const [after] = decodeCursor(query.after, z.tuple([z.int()])) ?? []
        const accountId = sessionOf(principal).account.id
        const rows = await listApiKeys(db, { accountId, now: clock.now(), after, limit: query.limit })
        return page({ path, query, rows, key: ({ id }) => [id], view: apiKeyView })
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'End one of your API keys, at once and with its open WebSockets.',
      tag,
      access: 'session',
      params: z.strictObject({ id: pathId() }),
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await endApiKey(db, sessionOf(principal).account.id, params.id, clock.now())
        return { status: 204 }
      },
    }),
  ]
}
