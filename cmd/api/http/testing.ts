import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Knex } from 'knex'
import type { Role } from '#internal/accounts/account'
import { hashSecret, newSecret } from '#internal/runtime/ids'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { testDatabase } from '#internal/testing/database'
import type { ApiConfig } from '../config.ts'
import { answerChecker } from '../documents/testing.ts'
import { startApi } from '../start.ts'
import type { Route } from './route.ts'

export const testConfig: ApiConfig = {
  JWT_SECRET: 'a secret of the tests, long enough for HS256',
  SESSION_DAYS: 30,
  JWT_MINUTES: 60,
  PASSWORD_MIN_LENGTH: 8,
  REGISTRATION: 'open',
  LOGIN_FAILURES: 10,
  TRUSTED_PROXIES: 1,
  RATE_LIMIT_PER_MINUTE: 1_000_000,
  RATE_LIMIT_ADDRESS_PER_MINUTE: 1_000_000,
  REGISTRATIONS_PER_HOUR: 1_000_000,
  STATUS_HOURS: 24,
  MESSAGES_DAYS: 30,
  PHONE_COUNTRY: 'US',
  ATTACHMENT_MB: 8,
  GRAFANA_URL: undefined,
  ATTACHMENTS_S3_URL: undefined,
  ATTACHMENTS_S3_BUCKET: undefined,
  ATTACHMENTS_S3_REGION: 'us-east-1',
  ATTACHMENTS_S3_KEY: undefined,
  ATTACHMENTS_S3_SECRET: undefined,
  X_API_TOKEN: undefined,
}

export interface Caller {
  id: number
  username: string
  role: Role
  sessionId: number
  token: string
}

export interface TestRequest {
  /** Sent as JSON; a string or Buffer as it is. */
  body?: unknown
  /** A session token, or a caller. */
  token?: string | Caller
  headers?: Record<string, string>
  /** The test has broken something: a 500, which no operation documents, is no surprise. */
  broken?: true
}

export interface TestAnswer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  body: any
  text: string
  headers: Headers
}

/** The answer is a problem of this status and code, in full. */
export function expectProblem(answer: TestAnswer, status: number, code?: string): void {
  assert.equal(answer.status, status, answer.text)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal(answer.body.status, status)
  if (code !== undefined) assert.equal(answer.body.code, code)
  assert.equal(answer.body.request_id, answer.headers.get('x-request-id'))
  for (const field of ['type', 'title', 'detail']) assert.equal(typeof answer.body[field], 'string')
}

/** A path of this route that is well formed and leads to nothing. */
export const nowhere = ({ path }: Pick<Route, 'path'>): string =>
  path
    .replace(/:(\w*id)\b/g, '999999')
    .replace(':emoji', 'tada')
    .replace(/:\w+/g, 'nobody.here')

export interface TestApi {
  url: string
  db: Knex
  routes: readonly Route[]
  /** Moves with `advance`; starts at the time of the machine. */
  clock: { now(): Date; advance(ms: number): void }
  /** How often a successful write was reported. */
  writes(): number
  /** A new account of this role, logged in (without the cost of a password). */
  as(role: Role): Promise<Caller>
  /** A new account with these fields, logged in. It has no password: who needs one registers. */
  anAccount(fields?: { username?: string; role?: Role; email?: string }): Promise<Caller>
  /** The events in the outbox, oldest first: nothing takes them out here. */
  events(): Promise<{ scope: string; event: string; data: Record<string, unknown> }[]>
  /** Sends a request. The answer must be documented for its operation, and is noted: see documents/testing.ts. */
  request(method: string, path: string, options?: TestRequest): Promise<TestAnswer>
  /** What a stopping process does first: see `Api`. */
  stopWaiting(): void
  stop(): Promise<void>
}

/** The whole API on a random port with a database of its own. */
export async function startTestApi(config: Partial<ApiConfig> = {}): Promise<TestApi> {
  const { db, drop } = await testDatabase()
  let offsetMs = 0
  let writes = 0
  const clock = {
    now: () => new Date(Date.now() + offsetMs),
    advance: (ms: number) => {
      offsetMs += ms
    },
  }
  const metrics = createMetrics('test')
  const onWrite = () => {
    writes++
  }
  // No user interface is there, whether or not one was built.
  const options = { clock, onWrite, webDirectory: import.meta.dirname }
  const api = startApi({ db, logger: silentLog, metrics }, { ...testConfig, ...config }, options)
  const server = createServer(api.callback)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const check = answerChecker(api.routes)
  let made = 0

  async function anAccount(fields: { username?: string; role?: Role; email?: string } = {}): Promise<Caller> {
    const username = fields.username ?? `user${++made}`
    const role = fields.role ?? 'member'
    const now = clock.now()
    // An account made this way counts as the installation's first as well: the next one to register is a member.
    await db('installation').update({ has_admin: true })
    const [account] = await db('accounts')
      .insert({ username, role, email: fields.email ?? null, password_hash: 'none', created_at: now })
      .returning('id')
    const token = newSecret()
    const expires_at = new Date(now.getTime() + 30 * 24 * 3600_000)
    const [session] = await db('sessions')
      .insert({ account_id: account.id, token_hash: hashSecret(token), created_at: now, expires_at })
      .returning('id')
    return { id: account.id, username, role, sessionId: session.id, token }
  }

  async function request(method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> {
    const { body, token, headers: more, broken } = options
    const headers: Record<string, string> = {}
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token !== undefined) headers.authorization = `Bearer ${typeof token === 'string' ? token : token.token}`
    const raw = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const init = { method, headers: { ...headers, ...more }, ...(raw === undefined ? {} : { body: raw }) }
    const response = await fetch(url + path, init)
    const text = await response.text()
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
    const answer = { status: response.status, text, body: isJson ? JSON.parse(text) : text, headers: response.headers }
    if (!(broken && response.status === 500)) check(method, url + path, answer)
    return answer
  }

  return {
    url,
    db,
    routes: api.routes,
    clock,
    writes: () => writes,
    as: (role) => anAccount({ role }),
    anAccount,
    request,
    async events() {
      const rows = await db('outbox').orderBy('id')
      return rows.map(({ scope, event, data }) => ({ scope, event, data: JSON.parse(data) }))
    },
    stopWaiting: api.stopWaiting,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await drop()
    },
  }
}
