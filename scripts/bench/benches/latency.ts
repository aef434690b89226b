import { waitFor } from '#internal/testing/wait-for'
import type { HttpLoad } from '../clients/http-load.ts'
import type { Swarm } from '../clients/swarm.ts'
import type { Remote } from '../remote.ts'
import { seed } from '../seed.ts'
import { percentile, round, spread } from '../stats.ts'
import type { Row } from '../table.ts'
import { info } from '../table.ts'
import type { Database, Workbench } from '../workbench.ts'

const objects = 200
const bar = 50

/**
 * From the moment when an alert should be posted to the frame at its object's socket, through api, PostgreSQL, relay and push, with
 * delivered marks on their way back. Arrivals keep their rate whatever the system does.
 */
export async function latency(workbench: Workbench): Promise<Row[]> {
  const seconds = workbench.quick ? 2 : 15
  const database = await workbench.database('latency')
  await seed(database.db, { objects, tokens: true })
  await workbench.role('worker', database)
  const api = await workbench.role('api', database)
  const push = await workbench.role('push', database)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')
  const swarm = workbench.program<Swarm>('clients/swarm.ts')
  await swarm.ask('open', {
    ...{ port: push.port, protocol: 'inbox', first: 1, count: objects, cursor: 0 },
    ...{ source: '127.0.0.1', inFlight: 50, resume: false },
  })
  const load = { port: api.port, requests: { kind: 'listed', objects } } as const
  const warmUp = await http.ask('closedLoop', { ...load, clients: 16, seconds: workbench.quick ? 1 : 3 })
  let posted = warmUp.done
  const most = workbench.alertRate ?? warmUp.done / warmUp.seconds

  const measure = async (rate: number, clients: number) => {
    await arrived(swarm, database, posted)
    await swarm.ask('time', {})
    const { done, latencies } = await http.ask('openLoop', { ...load, rate, clients, seconds })
    posted += done
    await arrived(swarm, database, posted)
    return { toSocket: await swarm.ask('latencies', {}), toAnswer: latencies }
  }
  const idle = await measure(10, 4)
  const half = await measure(most / 2, 64)
  const rate = round(most / 2)
  const p99 = percentile(half.toSocket, 0.99)
  return [
    info('latency: POST to socket, 10/s', spread(idle.toSocket)),
    info('latency: POST to its answer, 10/s', spread(idle.toAnswer)),
    {
      what: `latency: POST to socket at half load, ${rate}/s`,
      figure: spread(half.toSocket),
      ratio: '',
      bar: `p99 ${bar} ms`,
      met: p99 < bar,
    },
    info(`latency: POST to its answer at half load, ${rate}/s`, spread(half.toAnswer)),
  ]
}

/** Every alert that was posted reached its socket; fails when one does not. */
async function arrived(swarm: Remote<Swarm>, { db }: Database, count: number): Promise<void> {
  const all = async () => (await swarm.ask('received', {})).total >= count
  await waitFor(all, { timeoutMs: 10_000, what: 'the alerts' }).catch(async () => {
    const state = await db.raw(`select position as head, (select count(*) from outbox) as outbox,
      (select count(*) from events where event = 'alert.raised' and scope <> 'alerts') as raised from log_head`)
    const { total, ends } = await swarm.ask('received', {})
    const details = JSON.stringify({ ...state.rows[0], ends })
    throw new Error(`${count} alerts were posted, but sockets have got ${total}: ${details}`)
  })
}
