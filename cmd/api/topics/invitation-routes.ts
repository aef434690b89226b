import { getAccount } from '#internal/accounts/change'
import {
  acceptInvitation,
  declineInvitation,
  invitationView,
  invite,
  listInvitations,
} from '#internal/conversations/invitations'
import { requireTopic } from '#internal/conversations/topics'
import { topicViewFor } from '#internal/conversations/view'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, idKey, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { invitationBody, invitationList, invitationSchema, topicParams, topicSchema } from './schema.ts'

const tag = 'invitations'
const mine = '/api/v1/me/invitations'

export function invitationRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/topics/:id/invitations',
      summary: 'Invite an account into a topic. 200: it was invited before.',
      tag,
      access: 'account',
      params: topicParams,
      body: invitationBody,
      responses: { 201: invitationSchema, 200: invitationSchema },
      problems: [403, 404, 409],
      async handler({ params, body, db, principal }) {
        const { account: actor } = callerOf(principal)
        // Before the account is looked for: who may not know of the topic learns nothing.
        await requireTopic(db, params.id, actor)
        const account = await getAccount(db, body.username)
        const { invitation, isNew } = await invite(db, params.id, actor, account, clock.now())
        return { status: isNew ? 201 : 200, body: invitationView(invitation) }
      },
    }),
    route({
      method: 'get',
      path: mine,
      summary: 'The invitations that wait for your answer, oldest first.',
      tag,
      access: 'account',
      query: pageQuery,
      responses: { 200: invitationList },
      async handler({ query, db, principal }) {
        const [after] = decodeCursor(query.after, idKey) ?? [0]
        const rows = await listInvitations(db, callerOf(principal).account.id, after, query.limit + 1)
        return page({ path: mine, query, rows, key: ({ id }) => [id], view: invitationView })
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/invitations/:id/accept',
      summary: 'Accept an invitation: join the topic.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 200: topicSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        const { account } = callerOf(principal)
        const topicId = await acceptInvitation(db, params.id, account, clock.now())
        return { status: 200, body: topicViewFor(await requireTopic(db, topicId, account)) }
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/invitations/:id/decline',
      summary: 'Decline an invitation.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        await declineInvitation(db, params.id, callerOf(principal).account)
        return { status: 204 }
      },
    }),
  ]
}
