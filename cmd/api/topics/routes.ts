import { listTopics } from '#internal/conversations/topic-list'
import { changeTopic, createTopic, deleteTopic, requireTopic } from '#internal/conversations/topics'
import { topicViewFor } from '#internal/conversations/view'
import type { ApiDeps } from '../deps.ts'
import { activityAfter, activityCursor, activityKey } from '../http/activity.ts'
import { decodeCursor, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'
import { topicBody, topicChanges, topicList, topicParams, topicSchema } from './schema.ts'

const tag = 'topics'
const path = '/api/v1/topics'

export function topicRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'post',
      path,
      summary: 'Create a topic. You own it and are its first member.',
      tag,
      access: 'account',
      body: topicBody,
      responses: { 201: topicSchema },
      async handler({ body, db, principal }) {
        const topic = await createTopic(db, callerOf(principal).account, body, clock.now())
        return { status: 201, body: topicViewFor(topic) }
      },
    }),
    route({
      method: 'get',
      path,
      summary: 'The topics that you may see, by latest activity.',
      tag,
      access: 'account',
      query: pageQuery,
      responses: { 200: topicList },
      async handler({ query, db, principal }) {
        const after = activityAfter(decodeCursor(query.after, activityKey))
        const rows = await listTopics(db, callerOf(principal).account.id, after, query.limit + 1)
        return page({ path, query, rows, key: activityCursor, view: topicViewFor })
      },
    }),
    route({
      method: 'get',
      path: `${path}/:id`,
      summary: 'One topic.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 200: topicSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        return { status: 200, body: topicViewFor(await requireTopic(db, params.id, callerOf(principal).account)) }
      },
    }),
    route({
      method: 'patch',
      path: `${path}/:id`,
      summary: 'Change a topic: its owner, or an admin.',
      tag,
      access: 'account',
      params: topicParams,
      body: topicChanges,
      responses: { 200: topicSchema },
      problems: [403, 404],
      async handler({ params, body, db, principal }) {
        const topic = await changeTopic(db, params.id, callerOf(principal).account, body, clock.now())
        return { status: 200, body: topicViewFor(topic) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Delete a topic with all that is in it: its owner, or an admin.',
      tag,
      access: 'account',
      params: topicParams,
      responses: { 204: undefined },
      problems: [403, 404],
      async handler({ params, db, principal }) {
        await deleteTopic(db, params.id, callerOf(principal).account, clock.now())
        return { status: 204 }
      },
    }),
  ]
}
