import type { HttpLoad } from '../clients/http-load.ts'
import type { Requests, Writes } from '../clients/requests.ts'
import type { SqlLoad } from '../clients/sql-load.ts'
import { seed, dispatcherToken as token } from '../seed.ts'
import { info, type Row } from '../table.ts'
import type { Workbench } from '../workbench.ts'
import { againstPlain, figure, rate, type Speed, speed } from '../write-speed.ts'

const clients = 16
const objects = 1000

const listed: Writes = { kind: 'listed', objects }
const asides: [what: string, requests: Requests][] = [
  ['GET /ping: HTTP alone', { kind: 'get', paths: ['/ping'], token }],
  ['GET /me: HTTP, session, one view', { kind: 'get', paths: ['/api/v1/me'], token }],
  [
    'POST refused with 422: HTTP, session, body, no write',
    { kind: 'refused', path: '/api/v1/alerts', body: { text: '', object_ids: [1] }, token },
  ],
]

/** Alert POSTs to one listed object each, against plain pg running the very same statement; a worker relays during both. */
export async function alerts(workbench: Workbench): Promise<Row[]> {
  const rounds = workbench.quick ? 1 : 5
  const seconds = workbench.quick ? 1 : 5
  const database = await workbench.database('alerts')
  await seed(database.db, { objects, tokens: false })
  await workbench.role('worker', database)
  const { port, pid } = await workbench.role('api', database)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')
  const sql = workbench.program<SqlLoad>('clients/sql-load.ts')
  const ask = (requests: Requests, duration: number) =>
    speed(pid, http.ask('closedLoop', { port, requests, clients, seconds: duration }))
  const plain = (duration: number) =>
    speed(sql.pid, sql.ask('closedLoop', { url: database.url, writes: listed, clients, seconds: duration }))

  // The first requests are compiled and planned: no part of a rate.
  await ask(listed, 1)
  await plain(1)
  const [plains, posts]: [Speed[], Speed[]] = [[], []]
  const others = asides.map((): Speed[] => [])
  for (let i = 1; i <= rounds; i++) {
    plains.push(await plain(seconds))
    posts.push(await ask(listed, seconds))
    for (const [n, [, requests]] of asides.entries()) others[n]!.push(await ask(requests, seconds / 2))
    workbench.say(`round ${i}: pg ${figure(plains.slice(-1))}; POST ${figure(posts.slice(-1))}`)
  }
  workbench.alertRate = rate(posts)
  return [
    info(`alerts: plain pg, the same statement, ${clients} clients`, figure(plains)),
    againstPlain(`alerts: POST /api/v1/alerts, ${clients} clients`, posts, plains),
    ...asides.map(([what], n) => info(`alerts: ${what}`, figure(others[n]!))),
  ]
}
