import { waitFor } from '#internal/testing/wait-for'
import type { HttpLoad } from '../clients/http-load.ts'
import type { Requests, Writes } from '../clients/requests.ts'
import type { SqlLoad } from '../clients/sql-load.ts'
import { accountToken } from '../seed.ts'
import { seedMembers, seedTopics } from '../seed-conversations.ts'
import { info, type Row } from '../table.ts'
import type { Database, Workbench } from '../workbench.ts'
import { againstPlain, figure, type Speed, speed } from '../write-speed.ts'

const clients = 16
const topics = 200
const token = accountToken(1)

const places: [where: string, writes: Writes][] = [
  ['one topic', { kind: 'message', topics: [1] }],
  [`${topics} topics`, { kind: 'message', topics: Array.from({ length: topics }, (_, n) => n + 1) }],
]
const asides: [what: string, requests: Requests][] = [
  ['GET /ping: HTTP alone', { kind: 'get', paths: ['/ping'], token }],
  ['GET /me: HTTP, session, one view', { kind: 'get', paths: ['/api/v1/me'], token }],
  [
    'POST refused with 422: HTTP, session, body, no write',
    { kind: 'refused', path: '/api/v1/conversations/1/messages', body: { body: '' }, token },
  ],
]

/** Message POSTs by members, an account for each client, against plain pg running the very same statement; a worker relays during both. */
export async function messages(workbench: Workbench): Promise<Row[]> {
  const rounds = workbench.quick ? 1 : 5
  const seconds = workbench.quick ? 1 : 4
  const database = await workbench.database('messages')
  await seedMembers(database.db, clients)
  await seedTopics(database.db, topics)
  await workbench.role('worker', database)
  const { port, pid } = await workbench.role('api', database)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')
  const sql = workbench.program<SqlLoad>('clients/sql-load.ts')
  const ask = async (requests: Requests, duration: number) => {
    await relayed(database)
    return speed(pid, http.ask('closedLoop', { port, requests, clients, seconds: duration }))
  }
  const plain = async (writes: Writes, duration: number) => {
    await relayed(database)
    return speed(sql.pid, sql.ask('closedLoop', { url: database.url, writes, clients, seconds: duration }))
  }

  const plains = places.map((): Speed[] => [])
  const posts = places.map((): Speed[] => [])
  const others = asides.map((): Speed[] => [])
  // The first requests are compiled and planned: no part of a rate.
  for (const [, writes] of places) {
    await ask(writes, 1)
    await plain(writes, 1)
  }
  for (let i = 1; i <= rounds; i++) {
    for (const [n, [where, writes]] of places.entries()) {
      plains[n]!.push(await plain(writes, seconds))
      posts[n]!.push(await ask(writes, seconds))
      workbench.say(`round ${i}, ${where}: pg ${figure(plains[n]!.slice(-1))}; POST ${figure(posts[n]!.slice(-1))}`)
    }
    for (const [n, [, requests]] of asides.entries()) others[n]!.push(await ask(requests, seconds / 2))
  }
  return [
    ...places.flatMap(([where], n) => [
      info(`messages: plain pg into ${where}, the same statement, ${clients} clients`, figure(plains[n]!)),
      againstPlain(`messages: POST into ${where}, ${clients} clients`, posts[n]!, plains[n]!),
    ]),
    ...asides.map(([what], n) => info(`messages: ${what}`, figure(others[n]!))),
  ]
}

/** What one load has left to the relay must not slow the next one down. */
async function relayed({ db }: Database): Promise<void> {
  const empty = async () => (await db('outbox').first('id')) === undefined
  await waitFor(empty, { timeoutMs: 60_000, what: 'the relay' })
}
