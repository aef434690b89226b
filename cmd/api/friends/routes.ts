import { z } from 'zod'
import { friendStates, friendView } from '#internal/friends/friend'
import { acceptFriend, askFriend, removeFriend, requirePerson } from '#internal/friends/friends'
import { listFriends } from '#internal/friends/store'
import { invalidField } from '#internal/runtime/problem'
import { username, usernameParams } from '../accounts/schema.ts'
import type { ApiDeps } from '../deps.ts'
import { decodeCursor, listOf, page, pageQuery } from '../http/pages.ts'
import { callerOf } from '../http/principal.ts'
import { type Route, route } from '../http/route.ts'

const tag = 'friends'
const path = '/api/v1/me/friends'
const state = z.enum(friendStates)

const friendSchema = z
  .strictObject({
    username: z.string(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    state: state.describe('`requested` by you, `asked` by the other.'),
    since: z.iso.datetime().describe('When it was asked, or became a friendship.'),
  })
  .meta({ id: 'Friend' })

export function friendRoutes({ clock }: Pick<ApiDeps, 'clock'>): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'Your friends and the requests of both sides, by username.',
      tag,
      access: 'account',
      query: z.object({ ...pageQuery.shape, state: state.optional() }),
      responses: { 200: listOf(friendSchema) },
      async handler({ query, db, principal }) {
        const [after] = decodeCursor(query.after, z.tuple([z.string()])) ?? []
        const filter = { state: query.state, after, limit: query.limit }
        return page({
          path,
          query,
          rows: await listFriends(db, callerOf(principal).account.id, filter),
          key: (row) => [row.username.toLowerCase()],
          view: (row) => friendView(row, row),
        })
      },
    }),
    route({
      method: 'post',
      path,
      summary: 'Ask an account to be friends: 201; or accept, if it has asked you: 200.',
      tag,
      access: 'account',
      body: z.strictObject({ username }),
      responses: { 200: friendSchema, 201: friendSchema },
      problems: [404, 409],
      async handler({ body, db, principal }) {
        const { id } = callerOf(principal).account
        const other = await requirePerson(db, body.username)
        if (other.id === id) throw invalidField('username', 'must be another account')
        const { made, view } = await askFriend(db, id, other, clock.now())
        return { status: made === 'request' ? 201 : 200, body: view }
      },
    }),
    route({
      method: 'put',
      path: `${path}/:username`,
      summary: 'Accept the request of an account. May be repeated.',
      tag,
      access: 'account',
      params: usernameParams,
      responses: { 200: friendSchema },
      problems: [404],
      async handler({ params, db, principal }) {
        const other = await requirePerson(db, params.username)
        return { status: 200, body: await acceptFriend(db, callerOf(principal).account.id, other, clock.now()) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:username`,
      summary: 'End a friendship, take a request back, or decline one.',
      tag,
      access: 'account',
      params: usernameParams,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db, principal }) {
        const other = await requirePerson(db, params.username)
        await removeFriend(db, callerOf(principal).account.id, other, clock.now())
        return { status: 204 }
      },
    }),
  ]
}
