import { getAccount } from '#internal/accounts/change'
import { listMembers, type Member } from '#internal/conversations/topic-list'
import { joinTopic, leaveTopic, removeFromTopic, requireTopic } from '#internal/conversations/topics'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, idKey, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { memberList, memberParams, topicParams } from './schema.ts'

const tag = 'topics'
const path = '/api/v1/topics/:id/members'

const memberView = ({ username, first_name, last_name, joined_at }: Member) => ({
  username,
  first_name,
  last_name,
  joined_at: joined_at.toISOString(),
})

export function topicMemberRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'put',
      path: `${path}/me`,
      summary: 'Join a public topic.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await joinTopic(db, params.id, callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/me`,
      summary: 'Leave a topic. Its owner hands it to the longest-standing member; a private one ends with its last.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await leaveTopic(db, params.id, callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'The members of a topic.',
      tag,
      access: 'account',
      params: topicParams,
      query: pageQuery,
      responses: { 200: memberList },
      problems: [404],
      async handler({ params, query, db, principal }) {
        const topic = await requireTopic(db, params.id, callerOf(principal).account)
        const [after] = decodeCursor(query.after, idKey) ?? [0]
        const rows = await listMembers(db, topic.id, after, query.limit + 1)
        const own = `/api/v1/topics/${topic.id}/members`
        return page({ path: own, query, rows, key: (member) => [member.account_id], view: memberView })
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:username`,
      summary: 'Take a member out of a topic: its owner, or an admin.',
      tag,
      access: 'account',
      params: memberParams,
      responses: { 204: undefined },
      problems: [403, 404],
      async handler({ params, db, principal }) {
        const account = await getAccount(db, params.username)
        await removeFromTopic(db, params.id, callerOf(principal).account, account, clock.now())
        return { status: 204 }
      },
    }),
  ]
}
