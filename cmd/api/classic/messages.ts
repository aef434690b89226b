import { z } from 'zod'
import { getAccount } from '#internal/accounts/change'
import { findAccount } from '#internal/accounts/store'
import { openConversation } from '#internal/conversations/direct'
import { type DirectMessage, listDirectMessages } from '#internal/conversations/history'
import { postMessage } from '#internal/conversations/post'
import { invalidField, Problem } from '#internal/runtime/problem'
import { username } from '../accounts/schema.ts'
import { dayMs } from '../accounts/session-routes.ts'
import type { ApiDeps } from '../deps.ts'
import { barePage, decodeCursor, idKey } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { messageText } from '../messages/schema.ts'

const tag = 'classic'

const rowSchema = z.strictObject({
  id: z.int(),
  sender_user_name: z.string(),
  recipient_user_name: z.string(),
  body: z.string().nullable().describe('null once deleted.'),
  created_at: z.iso.datetime(),
  timestamp_sent: z.iso.datetime(),
  timestamp_delivered: z.iso.datetime().nullable(),
  timestamp_read: z.iso.datetime().nullable(),
})

const rowView = (message: DirectMessage) => ({
  id: message.id,
  sender_user_name: message.sender,
  recipient_user_name: message.recipient,
  body: message.body,
  created_at: message.created_at.toISOString(),
  timestamp_sent: message.created_at.toISOString(),
  timestamp_delivered: message.delivered_at?.toISOString() ?? null,
  timestamp_read: message.read_at?.toISOString() ?? null,
})

export function classicMessageRoutes({
  clock,
  config,
  attached,
}: Pick<ApiDeps, 'clock' | 'config' | 'attached'>): Route[] {
  const listQuery = z.object({
    days: z.coerce.number().int().min(1).max(36_500).default(config.MESSAGES_DAYS).describe('How far back.'),
    limit: z.coerce.number().int().min(1).max(1000).default(1000),
    after: z.string().min(1).max(1000).optional(),
  })
  return [
    route({
      method: 'get',
      path: '/api/messages/:user_name',
      summary: 'Your own direct messages, sent and received, newest first.',
      tag,
      access: 'account',
      params: z.strictObject({ user_name: username }),
      query: listQuery,
      responses: { 200: z.array(rowSchema) },
      problems: [403, 404],
      async handler({ params, query, db, principal }) {
        const { account: caller } = callerOf(principal)
        const account = await getAccount(db, params.user_name)
        if (account.id !== caller.id)
          throw new Problem('forbidden', 'forbidden', 'You may list your own messages only.')
        const since = new Date(clock.now().getTime() - query.days * dayMs)
        const [before] = decodeCursor(query.after, idKey) ?? []
        const rows = await listDirectMessages(db, caller.id, { since, before, limit: query.limit + 1 })
        return barePage({
          path: `/api/messages/${account.username}`,
          query,
          rows,
          key: ({ id }) => [id],
          view: rowView,
        })
      },
    }),
    route({
      method: 'post',
      path: '/api/messages',
      summary: 'Send a direct message. The sender is you.',
      tag,
      access: 'account',
      body: z.strictObject({
        sender_user_name: username,
        recipient_user_name: username,
        body: messageText.refine((text) => text.trim() !== '', 'must not be blank'),
      }),
      responses: { 201: rowSchema },
      problems: [403],
      async handler({ body, db, principal }) {
        const { account } = callerOf(principal)
        if (body.sender_user_name.toLowerCase() !== account.username.toLowerCase())
          throw new Problem('forbidden', 'forbidden', 'You may send in your own name only.')
        const recipient = await findAccount(db, body.recipient_user_name)
        if (!recipient || recipient.id === account.id)
          throw invalidField('recipient_user_name', 'is nobody whom you could write to')
        const members = [recipient.username]
        const { id: conversationId } = await openConversation(db, account, { members, name: null }, clock.now())
        const sent = await postMessage(db, account, conversationId, { body: body.body }, clock.now(), attached)
        const { id, created_at } = sent
        const names = { sender_user_name: account.username, recipient_user_name: recipient.username }
        const times = { timestamp_sent: created_at, timestamp_delivered: null, timestamp_read: null }
        return { status: 201, body: { id, ...names, body: sent.body, created_at, ...times } }
      },
    }),
  ]
}
