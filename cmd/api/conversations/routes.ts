import { z } from 'zod'
import { conversationNotFound } from '#internal/conversations/conversation'
import { leaveGroup, openConversation } from '#internal/conversations/direct'
import { findOwnConversation, listOwnConversations, ownConversationViews } from '#internal/conversations/mine'
import type { Db } from '#internal/db/pool'
import { username } from '../accounts/schema.ts'
import type { ApiDeps } from '../deps.ts'
import { activityAfter, activityCursor, activityKey } from '../http/activity.ts'
import { decodeCursor, listOf, page, pageQuery, pathId } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { messageSchema } from '../messages/schema.ts'

const tag = 'conversations'
const path = '/api/v1/conversations'
const params = z.strictObject({ id: pathId() })

const conversationBody = z.strictObject({
  members: z.array(username).min(1).max(200).describe('Usernames of the others; you are implied.'),
  name: z.string().trim().min(1).max(100).nullish().describe('Of a group.'),
})

const conversationSchema = z
  .strictObject({
    id: z.int(),
    kind: z.enum(['topic', 'group', 'direct']),
    name: z.string().nullable(),
    visibility: z.enum(['public', 'private']),
    members: z.array(z.string()).optional().describe('Usernames; not for topics, which have a list of their own.'),
    last_message: messageSchema.nullable(),
    last_activity_at: z.iso.datetime(),
    unread_count: z.int(),
    read_seq: z.int().describe('You have read the messages up to this seq.'),
  })
  .meta({ id: 'Conversation' })

export function conversationRoutes({ clock, attached }: Pick<ApiDeps, 'clock' | 'attached'>): Route[] {
  async function own(db: Db, id: number, accountId: number) {
    const found = await findOwnConversation(db, id, accountId)
    if (!found) throw conversationNotFound()
    return (await ownConversationViews(db, [found], accountId, attached))[0]!
  }
  return [
    route({
      method: 'post',
      path,
      summary: 'Open the direct conversation with one account (200 if there is one), or a new group with several.',
      tag,
      access: 'account',
      body: conversationBody,
      responses: { 201: conversationSchema, 200: conversationSchema },
      problems: [403],
      async handler({ body, db, principal }) {
        const { account } = callerOf(principal)
        const wanted = { members: body.members, name: body.name ?? null }
        const { id, isNew } = await openConversation(db, account, wanted, clock.now())
        return { status: isNew ? 201 : 200, body: await own(db, id, account.id) }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'The conversations that you are in, by latest activity.',
      tag,
      access: 'account',
      query: pageQuery,
      responses: { 200: listOf(conversationSchema) },
      async handler({ query, db, principal }) {
        const { account } = callerOf(principal)
        const after = activityAfter(decodeCursor(query.after, activityKey))
        const rows = await listOwnConversations(db, account.id, after, query.limit + 1)
        const views = await ownConversationViews(db, rows, account.id, attached)
        const byRow = new Map(rows.map((row, i) => [row, views[i]]))
        return page({ path, query, rows, key: activityCursor, view: (row) => byRow.get(row) })
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'A conversation that you are in.',
      tag,
      access: 'account',
      params,
      responses: { 200: conversationSchema },
      problems: [404],
      async handler({ params: { id }, db, principal }) {
        return { status: 200, body: await own(db, id, callerOf(principal).account.id) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id/members/me`,
      summary: 'Leave a group.',
      tag,
      access: 'account',
      params,
      responses: { 204: undefined },
      problems: [404, 409],
      async handler({ params: { id }, db, principal }) {
        await leaveGroup(db, id, callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
  ]
}
