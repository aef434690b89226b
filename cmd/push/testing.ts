import { type ClientOptions, WebSocket } from 'ws'
import { applyMarks } from '#cmd/worker/marks'
import { openSession } from '#internal/accounts/sessions'
import { findCredentials, insertAccount } from '#internal/accounts/store'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { createObject } from '#internal/alerts/object-store'
import { readConfig } from '#internal/config/read'
import { createReadiness } from '#internal/health/server'
import { headPosition } from '#internal/log/head'
import { ensurePartitions } from '#internal/log/partitions'
import { createPostgresLog } from '#internal/log/postgres/log'
import { startRelay } from '#internal/log/relay'
import { platformSettings } from '#internal/platform/start'
import { systemClock } from '#internal/runtime/clock'
import type { Lifecycle } from '#internal/runtime/run'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { pushSettings } from './config.ts'
import { startPush } from './start.ts'

export interface Frame {
  type?: string
  position: number
  [field: string]: unknown
}

/** A client as a user would write it, with everything that it got. */
export interface TestSocket {
  ws: WebSocket
  frames: Frame[]
  /** Positions of the events or alerts among the frames. */
  positions(): number[]
  send(frame: unknown): void
  /** Code and reason, once closed. */
  closed: Promise<{ code: number; reason: string }>
  /** Waits for the first frame that fits. */
  frame(fits: (frame: Frame) => boolean, what: string): Promise<Frame>
}

type Stops = (() => unknown)[]

/** A push process in this process, with the relay and the marks of a worker, on a database of its own. */
export async function startTestPush(env: Record<string, string> = {}) {
  const database = await testDatabase()
  const stops: Stops = []
  const system = {
    database,
    db: database.db,
    async push(more: Record<string, string> = {}) {
      const own: Stops = []
      const port = await startOne(database, own, { ...env, ...more })
      stops.push(() => unwind(own))
      return { port, stop: () => unwind(own) }
    },
    port: 0,
    async stop() {
      await unwind(stops)
      await database.drop()
    },
  }
  startWorker(database, stops)
  system.port = (await system.push()).port
  return system
}

export type TestPush = Awaited<ReturnType<typeof startTestPush>>

function startWorker(database: TestDatabase, stops: Stops): void {
  const metrics = createMetrics('test')
  const log = createPostgresLog({ db: database.db, logger: silentLog, metrics })
  const relay = startRelay({
    url: database.url,
    log,
    logger: silentLog,
    metrics,
    makePartitions: async () => ensurePartitions(database.db, (await headPosition(database.db)) + 1, 1),
  })
  const marks = log.receiveMarks((trx, batch) => applyMarks(trx, batch, systemClock))
  stops.push(
    () => relay.stop(),
    () => marks.stop(),
  )
}

async function startOne(database: TestDatabase, stops: Stops, env: Record<string, string>): Promise<number> {
  const lifecycle: Lifecycle = { onStop: (_name, stop) => stops.push(stop), shutdown: () => undefined }
  const metrics = createMetrics('test')
  const config = readConfig(
    {
      BELFRY_DATABASE_URL: database.url,
      BELFRY_JWT_SECRET: 'a secret that only tests use, 32 characters',
      BELFRY_PUSH_PORT: '0',
      BELFRY_HOST: '127.0.0.1',
      BELFRY_DRAIN_SECONDS: '0',
      ...env,
    },
    [...platformSettings, ...pushSettings],
  )
  const platform = {
    db: database.db,
    log: createPostgresLog({ db: database.db, logger: silentLog, metrics }),
    logger: silentLog,
    metrics,
    readiness: createReadiness(),
    pollMs: 15,
  }
  return (await startPush(lifecycle, platform, config)).port
}

async function unwind(stops: Stops): Promise<void> {
  for (const stop of stops.splice(0).toReversed()) await stop()
}

/** Opens a socket. `path` without a leading address; rejects when the upgrade is refused, with `status` and `body`. */
export async function connect(
  port: number,
  path: string,
  token?: string,
  options: ClientOptions = {},
): Promise<TestSocket> {
  const headers = token ? { authorization: `Bearer ${token}` } : {}
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers, ...options })
  const frames: Frame[] = []
  ws.on('message', (message) => frames.push(JSON.parse(String(message))))
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  )
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve)
    ws.once('error', reject)
    ws.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () =>
        reject(Object.assign(new Error(`refused: ${response.statusCode}`), { status: response.statusCode, body })),
      )
    })
  })
  return {
    ws,
    frames,
    closed,
    positions: () => frames.filter((f) => f.type === undefined || f.type === 'event').map((f) => f.position),
    send: (frame) => ws.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    frame: (fits, what) => waitFor(() => frames.find(fits), { what }),
  }
}

/** Status of a refused upgrade, or 101. */
export async function statusOf(port: number, path: string, token?: string, options?: ClientOptions): Promise<number> {
  return connect(port, path, token, options).then(
    (socket) => {
      socket.ws.terminate()
      return 101
    },
    (error) => error.status,
  )
}

/** An account that is logged in. */
export async function aSession(
  { db }: TestDatabase,
  username: string,
  role: 'admin' | 'dispatcher' | 'member' = 'member',
) {
  const now = new Date()
  const existing = await findCredentials(db, username)
  const nothing = { email: null, first_name: null, last_name: null, twitter_username: null }
  const account =
    existing ?? (await insertAccount(db, { username, password_hash: 'none', created_at: now, ...nothing }))
  await db('accounts').where({ id: account.id }).update({ role })
  const origin = { address: '127.0.0.1', userAgent: undefined }
  const session = await openSession(
    db,
    { id: account.id, password_hash: 'none' },
    { now, lifetimeMs: 3_600_000, origin },
  )
  return { account: { ...account, role }, token: session.token, sessionId: session.id, expiresAt: session.expiresAt }
}

/** An object with its inbox token. */
export async function anObject({ db }: TestDatabase) {
  const contact = { email: 'bob@example.com', phone_number: '212-555-1234', phone_e164: '+12125551234' }
  const object = await createObject(db, contact, systemClock)
  return { id: object.id, token: (await issueInboxToken(db, object.id, systemClock))! }
}
