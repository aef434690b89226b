import type { HttpLoad, Kind } from '../clients/http-load.ts'
import type { SqlLoad } from '../clients/sql-load.ts'
import { cpuSeconds } from '../proc-fs.ts'
import { seed } from '../seed.ts'
import { median, percent, round } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Workbench } from '../workbench.ts'

const clients = 16
const objects = 1000

const asides: [kind: Kind, what: string][] = [
  ['ping', 'GET /ping: HTTP alone'],
  ['me', 'GET /me: HTTP, session, one view'],
  ['refused', 'POST refused with 422: HTTP, session, body, no write'],
]

interface Speed {
  perSecond: number
  /** CPU of the process that does it: of the api, or of the program that uses pg. */
  cpuMs: number
}

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
  const post = (kind: Kind, duration: number) =>
    speed(pid, http.ask('closedLoop', { port, kind, objects, clients, seconds: duration }))
  const plain = (duration: number) =>
    speed(sql.pid, sql.ask('closedLoop', { url: database.url, objects, clients, seconds: duration }))

  // The first requests are compiled and planned: no part of a rate.
  await post('listed', 1)
  await plain(1)
  const speeds: Record<Kind | 'sql', Speed[]> = { ping: [], me: [], refused: [], listed: [], 'to-all': [], sql: [] }
  for (let i = 1; i <= rounds; i++) {
    speeds.sql.push(await plain(seconds))
    speeds.listed.push(await post('listed', seconds))
    for (const [kind] of asides) speeds[kind].push(await post(kind, seconds / 2))
    workbench.say(`round ${i}: pg ${figure(speeds.sql.slice(-1))}; POST ${figure(speeds.listed.slice(-1))}`)
  }
  workbench.alertRate = rate(speeds.listed)
  const ratio = rate(speeds.listed) / rate(speeds.sql)
  return [
    info(`alerts: plain pg, the same statement, ${clients} clients`, figure(speeds.sql)),
    {
      what: `alerts: POST /api/v1/alerts, ${clients} clients`,
      figure: figure(speeds.listed),
      ratio: percent(ratio),
      bar: '70 % of plain pg',
      met: ratio >= 0.7,
    },
    ...asides.map(([kind, what]) => info(`alerts: ${what}`, figure(speeds[kind]))),
  ]
}

async function speed(pid: number, load: Promise<{ done: number; seconds: number }>): Promise<Speed> {
  const before = cpuSeconds(pid)
  const { done, seconds } = await load
  return { perSecond: done / seconds, cpuMs: ((cpuSeconds(pid) - before) * 1000) / done }
}

const rate = (speeds: Speed[]) => median(speeds.map(({ perSecond }) => perSecond))
const figure = (speeds: Speed[]) =>
  `${round(rate(speeds))}/s, ${round(median(speeds.map(({ cpuMs }) => cpuMs)))} CPU ms each`
