import { requireReadable } from '#internal/conversations/conversation'
import { type Message, messageViews, requireMessage } from '#internal/conversations/message'
import { deleteMessage, editMessage, type MessagePage, pageOfMessages } from '#internal/conversations/messages'
import { postMessage } from '#internal/conversations/post'
import type { Db } from '#internal/db/pool'
import type { ApiDeps } from '../deps.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { messageBody, messageChanges, messagePage, messageParams, messageSchema, messagesQuery } from './schema.ts'

const tag = 'messages'

export function messageRoutes({ clock, attached }: Pick<ApiDeps, 'clock' | 'attached'>): Route[] {
  const viewOf = async (db: Db, message: Message, accountId: number) =>
    (await messageViews(db, [message], accountId, attached))[0]!
  return [
    route({
      method: 'post',
      path: '/api/v1/conversations/:id/messages',
      summary: 'Post a message. Posting into a public topic joins it.',
      tag,
      access: 'account',
      params: messageParams,
      body: messageBody,
      responses: { 201: messageSchema },
      problems: [403, 404],
      async handler({ params, body, db, principal }) {
        const { account } = callerOf(principal)
        const message = { body: body.body, replyTo: body.reply_to ?? null, attachmentIds: body.attachment_ids }
        return { status: 201, body: await postMessage(db, account, params.id, message, clock.now(), attached) }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/conversations/:id/messages',
      summary: 'The newest messages, or those next to a seq.',
      tag,
      access: 'account',
      params: messageParams,
      query: messagesQuery,
      responses: { 200: messagePage },
      problems: [404],
      async handler({ params, query, db, principal }) {
        const { account } = callerOf(principal)
        const conversation = await requireReadable(db, params.id, account)
        const found = await pageOfMessages(db, conversation.id, query)
        const items = await messageViews(db, found.messages, account.id, attached)
        return { status: 200, ...withNeighbours(conversation.id, query.limit, found, items) }
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/messages/:id',
      summary: 'One message.',
      tag,
      access: 'account',
      params: messageParams,
      responses: { 200: messageSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        const { account } = callerOf(principal)
        return { status: 200, body: await viewOf(db, await requireMessage(db, params.id, account.id), account.id) }
      },
    }),
    route({
      method: 'patch',
      path: '/api/v1/messages/:id',
      summary: 'Edit a message: its author.',
      tag,
      access: 'account',
      params: messageParams,
      body: messageChanges,
      responses: { 200: messageSchema },
      problems: [403, 404, 409],
      async handler({ params, body, db, principal }) {
        const { account } = callerOf(principal)
        const edited = await editMessage(db, params.id, account, body.body, clock.now(), attached)
        return { status: 200, body: await viewOf(db, edited, account.id) }
      },
    }),
    route({
      method: 'delete',
      path: '/api/v1/messages/:id',
      summary: 'Delete a message: its author; in a topic also the owner, or an admin. Its seq stays.',
      tag,
      access: 'account',
      params: messageParams,
      responses: { 204: undefined },
      problems: [403, 404],
      async handler({ params, db, principal }) {
        await deleteMessage(db, params.id, callerOf(principal).account, clock.now(), attached)
        return { status: 204 }
      },
    }),
  ]
}

function withNeighbours(id: number, limit: number, { messages, newer, older }: MessagePage, items: unknown[]) {
  const next = newer ? (messages.at(-1)?.seq ?? null) : null
  const previous = older ? (messages[0]?.seq ?? null) : null
  const link = [
    ...(next === null ? [] : [`</api/v1/conversations/${id}/messages?limit=${limit}&after=${next}>; rel="next"`]),
    ...(previous === null
      ? []
      : [`</api/v1/conversations/${id}/messages?limit=${limit}&before=${previous}>; rel="prev"`]),
  ]
  return { body: { items, next, previous }, ...(link.length > 0 ? { headers: { link: link.join(', ') } } : {}) }
}
