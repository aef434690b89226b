import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { waitFor } from '#internal/testing/wait-for'
import type { HttpLoad } from '../clients/http-load.ts'
import type { Requests } from '../clients/requests.ts'
import type { Swarm } from '../clients/swarm.ts'
import { clockMs } from '../clock.ts'
import { cpuSeconds } from '../proc-fs.ts'
import type { Remote } from '../remote.ts'
import type { BareInbox } from '../rivals/bare-inbox.ts'
import { seed } from '../seed.ts'
import { round, times } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Database, Workbench } from '../workbench.ts'

const programs = 2
const barSeconds = 2

/**
 * The push process of 10,000 inbox sockets is killed while alerts flow, and started again. Each client comes back with its cursor.
 * Measured from the listener being back until every socket has an alert to all that was raised while it was away; at the end
 * every socket's positions are compared with the log.
 */
export async function catchUp(workbench: Workbench): Promise<Row[]> {
  const sockets = workbench.quick ? 1000 : 10_000
  const database = await workbench.database('catch-up')
  await seed(database.db, { objects: sockets, tokens: true })
  await workbench.role('worker', database)
  const api = await workbench.role('api', database)
  const push = await workbench.role('push', database)
  const swarms = await openSwarms(workbench, push.port, sockets)
  const http = workbench.program<HttpLoad>('clients/http-load.ts')
  const raise = (requests: Requests, rate: number, seconds: number) =>
    http.ask('openLoop', { port: api.port, requests, rate, seconds, clients: 4 })

  const seconds = workbench.quick ? 6 : 15
  const toAll: Requests = { kind: 'to-all' }
  const flow = Promise.all([raise({ kind: 'listed', objects: sockets }, 20, seconds), raise(toAll, 0.5, seconds)])
  await delay(workbench.quick ? 1000 : 4000)
  await push.end('SIGKILL')
  await raise(toAll, 1, 1)
  const marker = await newestToAll(database)
  const starting = clockMs()
  const second = await workbench.role('push', database, push.port)
  const listening = clockMs()
  const cpu = cpuSeconds(second.pid)
  const back = await Promise.all(swarms.map((swarm) => swarm.ask('reached', { position: marker })))
  const spent = cpuSeconds(second.pid) - cpu
  const caughtUp = (Math.max(...back) - listening) / 1000
  workbench.say(
    `push listened after ${round(listening - starting)} ms; all caught up ${round(caughtUp)} s later, ${round(spent)} CPU s`,
  )

  await flow
  await raise(toAll, 1, 1)
  const last = await newestToAll(database)
  await Promise.all(swarms.map((swarm) => swarm.ask('reached', { position: last })))
  const { lost, repeated, disordered, checked } = await compare(database, swarms)
  await workbench.endProcesses()
  const bare = await bareStorm(workbench, sockets)
  return [
    {
      what: `catch-up: ${sockets.toLocaleString('en-US')} sockets after kill -9 of push`,
      figure: `${round(caughtUp)} s from the listener, ${round(spent)} CPU s of push`,
      ratio: `${lost} lost, ${repeated} repeated, ${disordered} out of order of ${checked.toLocaleString('en-US')}`,
      bar: `${barSeconds} s, 0 lost, 0 repeated`,
      met: caughtUp <= barSeconds && lost + repeated + disordered === 0,
    },
    info('catch-up: start of the push process to its listener', `${round((listening - starting) / 1000)} s`),
    info(
      'catch-up: the same sockets come to a bare uWebSockets.js program',
      `${round(bare.seconds)} s from the listener, ${round(bare.cpu)} CPU s of it`,
      `${times(caughtUp / bare.seconds)}, CPU ${times(spent / bare.cpu)} of that`,
    ),
  ]
}

/** What accepting, upgrading and one frame take, on this machine and with these clients. */
async function bareStorm(workbench: Workbench, sockets: number): Promise<{ seconds: number; cpu: number }> {
  const port = await findFreePort()
  const start = async (position: number) => {
    const server = workbench.program<BareInbox>('rivals/bare-inbox.ts')
    await server.ask('listen', { port, position })
    return server
  }
  const first = await start(1)
  const swarms = await openSwarms(workbench, port, sockets)
  process.kill(first.pid, 'SIGKILL')
  await delay(2000)
  const second = await start(2)
  const [listening, cpu] = [clockMs(), cpuSeconds(second.pid)]
  const back = await Promise.all(swarms.map((swarm) => swarm.ask('reached', { position: 2 })))
  return { seconds: (Math.max(...back) - listening) / 1000, cpu: cpuSeconds(second.pid) - cpu }
}

async function openSwarms(workbench: Workbench, port: number, sockets: number): Promise<Remote<Swarm>[]> {
  const each = sockets / programs
  return Promise.all(
    Array.from({ length: programs }, async (_, i) => {
      const swarm = workbench.program<Swarm>('clients/swarm.ts')
      await swarm.ask('open', {
        ...{ port, protocol: 'inbox', first: 1 + i * each, count: each, cursor: 0 },
        ...{ source: `127.0.0.${2 + i}`, inFlight: 200, resume: true },
      })
      return swarm
    }),
  )
}

/** Position of the newest alert to all, once the relay has moved everything. */
async function newestToAll({ db }: Database): Promise<number> {
  const empty = async () => (await db('outbox').where('scope', 'objects').first('id')) === undefined
  await waitFor(empty, { what: 'the relay' })
  const row = await db('events').where('scope', 'objects').max('position as position').first()
  return Number(row?.position)
}

async function compare({ db }: Database, swarms: Remote<Swarm>[]) {
  const events: { scope: string; position: number }[] = await db('events')
    .whereRaw(`event = 'alert.raised' and scope <> 'alerts'`)
    .orderBy('position')
    .select('scope', 'position')
  const toAll = events.filter(({ scope }) => scope === 'objects').map(({ position }) => position)
  const own: Record<number, number[]> = {}
  for (const { scope, position } of events) {
    if (scope === 'objects') continue
    const objectId = Number(scope.slice('object:'.length))
    own[objectId] = [...(own[objectId] ?? []), position]
  }
  const sum = { lost: 0, repeated: 0, disordered: 0, checked: 0 }
  for (const swarm of swarms) {
    const found = await swarm.ask('checkExactly', { toAll, own, upTo: toAll.at(-1)! })
    for (const name of ['lost', 'repeated', 'disordered', 'checked'] as const) sum[name] += found[name]
  }
  return sum
}
