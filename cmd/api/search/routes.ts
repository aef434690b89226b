import { z } from 'zod'
import { requireReadable } from '#internal/conversations/conversation'
import { messageViews } from '#internal/conversations/message'
import { findMessages } from '#internal/search/find'
import { type Hit, loadHits, matchEnd, matchStart } from '#internal/search/hits'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, idKey, listOf, openPage, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { messageSchema } from '../messages/schema.ts'

const path = '/api/v1/search'

const searchQuery = z.object({
  ...pageQuery.shape,
  q: z.string().min(1).max(200).describe('Words, all of them; "a phrase", or, -without. Case does not matter.'),
  conversation_id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional(),
})

const code = (mark: string) => `U+${mark.codePointAt(0)!.toString(16).toUpperCase()}`

const foundSchema = z
  .strictObject({
    ...messageSchema.shape,
    conversation: z.strictObject({
      id: z.int(),
      kind: z.enum(['topic', 'group', 'direct']),
      name: z.string().nullable(),
    }),
    snippet: z
      .string()
      .describe(`Plain text around the words that match, each between ${code(matchStart)} and ${code(matchEnd)}.`),
  })
  .meta({ id: 'FoundMessage' })

export function searchRoutes({ attached }: Pick<ApiDeps, 'attached'>): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary:
        'Messages that you may read, newest first. A page may have fewer than `limit`, even none: the list ends where `next` is null.',
      tag: 'search',
      access: 'account',
      query: searchQuery,
      responses: { 200: listOf(foundSchema) },
      problems: [404],
      async handler({ query, db, principal }) {
        const { account } = callerOf(principal)
        const [before] = decodeCursor(query.after, idKey) ?? []
        if (query.conversation_id !== undefined) await requireReadable(db, query.conversation_id, account)
        const { ids, next } = await findMessages(db, {
          text: query.q,
          accountId: account.id,
          conversationId: query.conversation_id,
          before,
          limit: query.limit,
        })
        const hits = await loadHits(db, query.q, ids)
        const views = await messageViews(db, hits, account.id, attached)
        const items = views.map((view, n) => ({ ...view, ...placeOf(hits[n]!) }))
        return openPage(path, query, items, next === undefined ? undefined : [next])
      },
    }),
  ]
}

const placeOf = ({ conversation_id, kind, name, snippet }: Hit) => ({
  conversation: { id: conversation_id, kind, name },
  snippet,
})
