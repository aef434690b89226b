import { z } from 'zod'
import { deadLetterStates, deleteDeadLetter, listDeadLetters, replayDeadLetter } from '#internal/log/dead-letters'
import { decodeCursor, listOf, page, pageQuery, pathId } from '../http/pages.ts'
import { type Route, route } from '../http/route.ts'
import { deadLetterView } from './view.ts'

const tag = 'dead letters'
const path = '/api/v1/dead-letters'
const params = z.strictObject({ id: pathId() })
const afterKey = z.tuple([z.int().min(0)])

const query = z.object({
  ...pageQuery.shape,
  state: z
    .enum(deadLetterStates)
    .default('dead')
    .describe('queued: a worker will try it again; replayed: one did, and it went well.'),
})

const deadLetterSchema = z
  .strictObject({
    id: z.int(),
    source: z.string().describe('`delivery:` and a channel, `marks`, or the name of a consumer group.'),
    state: z.enum(deadLetterStates),
    error: z.string().describe('Why it was given up.'),
    at: z.iso.datetime(),
    replayed_at: z.iso.datetime().nullable(),
    reference: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .describe('What it stands for: ids and positions, never a text.'),
  })
  .meta({ id: 'DeadLetter' })

/** What the product gave up on, for an admin to try again or to forget. */
export function deadLetterRoutes(): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'What was given up on: deliveries, events, marks; newest first.',
      tag,
      access: 'admin',
      query,
      responses: { 200: listOf(deadLetterSchema) },
      async handler({ query, db }) {
        const [before] = decodeCursor(query.after, afterKey) ?? []
        const rows = await listDeadLetters(db, query.state, before, query.limit + 1)
        return page({ path, query, rows, key: (letter) => [letter.id], view: deadLetterView })
      },
    }),
    route({
      method: 'post',
      path: `${path}/:id/replay`,
      summary: 'Try again what was given up on; once.',
      tag,
      access: 'admin',
      params,
      responses: { 202: deadLetterSchema },
      problems: [404, 409],
      async handler({ params, db }) {
        return { status: 202, body: deadLetterView(await replayDeadLetter(db, params.id)) }
      },
    }),
    route({
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Forget a dead letter.',
      tag,
      access: 'admin',
      params,
      responses: { 204: undefined },
      problems: [404],
      async handler({ params, db }) {
        await deleteDeadLetter(db, params.id)
        return { status: 204 }
      },
    }),
  ]
}
