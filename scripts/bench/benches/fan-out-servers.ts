import { findFreePort } from '#internal/embedded-postgres/ports'
import { headPosition } from '#internal/log/head'
import type { Protocol } from '../clients/swarm-member.ts'
import type { Rival } from '../rivals/bare-uws.ts'
import { eventData } from '../rivals/event-frame.ts'
import { seed } from '../seed.ts'
import type { Database, Workbench } from '../workbench.ts'

/** Something that sends events to subscribers. */
export interface Server {
  pid: number
  port: number
  protocol: Protocol
  /** The first event has the next position. */
  firstPosition: number
  /** Hands so many events to the server at once. */
  put(count: number): Promise<void>
}

export async function rivalServer(workbench: Workbench, name: 'bare-uws' | 'socket-io'): Promise<Server> {
  const rival = workbench.program<Rival>(`rivals/${name}.ts`)
  const port = await findFreePort()
  await rival.ask('listen', { port })
  return {
    ...{ pid: rival.pid, port, firstPosition: 0, protocol: name === 'socket-io' ? 'socket.io' : 'plain' },
    put: (count) => rival.ask('publish', { count }),
  }
}

/** As the relay would have written them, in one commit. */
const putIntoLog = `
  with head as (update log_head set position = position + :count returning position - :count as base)
  insert into events (position, scope, event, at, data)
  select base + n, :scope, 'alert.raised', now(), :data::json from head, generate_series(1, :count::int) n`

/** As api would have written them, in one commit. */
export const putIntoOutbox = `
  insert into outbox (scope, event, at, data)
  select :scope, 'alert.raised', now(), :data::json from generate_series(1, :count::int)`

let database: Promise<Database> | undefined

/** One database for all rounds; the log only grows. */
async function open(workbench: Workbench): Promise<Database> {
  database ??= workbench.database('fan-out').then(async (made) => {
    await seed(made.db, { objects: 1000, tokens: true })
    return made
  })
  return database
}

async function push(workbench: Workbench, sql: string, scope: 'alerts' | 'objects', data: object): Promise<Server> {
  const made = await open(workbench)
  const firstPosition = await headPosition(made.db)
  const { pid, port } = await workbench.role('push', made)
  return {
    ...{ pid, port, firstPosition, protocol: scope === 'alerts' ? 'stream' : 'inbox' },
    put: async (count) => void (await made.db.raw(sql, { count, scope, data: JSON.stringify(data) })),
  }
}

export const belfryServers = {
  /** Dispatchers' streams; events are put straight into the log, so that the push process alone is measured. */
  fromLog: (workbench: Workbench) => push(workbench, putIntoLog, 'alerts', eventData),
  /** The same, but events go through the outbox and a running worker. */
  async live(workbench: Workbench): Promise<Server> {
    await workbench.role('worker', await open(workbench))
    return push(workbench, putIntoOutbox, 'alerts', eventData)
  },
  /** The objects' own sockets on alerts to all: with it come the pings and the delivered marks that prove each delivery. */
  inboxes: (workbench: Workbench) =>
    push(workbench, putIntoLog, 'objects', {
      ...eventData,
      created_at: new Date().toISOString(),
      directory_version: 1_000_000,
    }),
}
