import { z } from 'zod'
import { conversationNotFound } from '#internal/conversations/conversation'
import { requireMessage } from '#internal/conversations/message'
import { findOwnConversation } from '#internal/conversations/mine'
import { countRecipients, listMarks, listRecipients, type Recipient } from '#internal/conversations/receipts'
import { markRead } from '#internal/conversations/receipts-apply'
import { Problem } from '#internal/runtime/problem'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, idKey, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { marksSchema, messageParams, receiptsSchema } from './schema.ts'

const tag = 'receipts'

const recipientView = ({ username, delivered_at, read_at }: Recipient) => ({
  username,
  delivered_at: delivered_at?.toISOString() ?? null,
  read_at: read_at?.toISOString() ?? null,
})

export function receiptRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'put',
      path: '/api/v1/conversations/:id/read',
      summary: 'You have read everything up to this seq. A lower one than before changes nothing.',
      tag,
      access: 'account',
      params: messageParams,
      body: z.strictObject({ seq: z.int().positive() }),
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, body, db, principal }) {
        await markRead(db, callerOf(principal).account.id, params.id, body.seq, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/conversations/:id/receipts',
      summary:
        'How far each member of a direct or group conversation has come; `receipt.advanced` tells how it goes on.',
      tag,
      access: 'account',
      params: messageParams,
      responses: { 200: marksSchema },
      problems: [404, 409],
      async handler({ params, db, principal }) {
        const found = await findOwnConversation(db, params.id, callerOf(principal).account.id)
        if (!found) throw conversationNotFound()
        if (found.kind === 'topic')
          throw new Problem(
            'conflict',
            'topic_receipts',
            'A topic has receipts by message: GET /messages/{id}/receipts.',
          )
        return { status: 200, body: { items: await listMarks(db, found.id) } }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/messages/:id/receipts',
      summary: 'Who a message was delivered to and who has read it, and when. Recipients are the members at its time.',
      tag,
      access: 'account',
      params: messageParams,
      query: pageQuery,
      responses: { 200: receiptsSchema },
      problems: [404],
      async handler({ params, query, db, principal }) {
        const [after] = decodeCursor(query.after, idKey) ?? [0]
        const message = await requireMessage(db, params.id, callerOf(principal).account.id)
        const [counts, rows] = await Promise.all([
          countRecipients(db, message),
          listRecipients(db, message, after, query.limit + 1),
        ])
        const path = `/api/v1/messages/${message.id}/receipts`
        const list = page({ path, query, rows, key: (recipient) => [recipient.account_id], view: recipientView })
        return { ...list, body: { counts, ...(list.body as object) } }
      },
    }),
  ]
}
