import assert from 'node:assert/strict'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { startApi } from '../start.ts'
import { createRateLimits } from './rate-limits.ts'
import { serve } from './serve.ts'
import { expectProblem, nowhere, startTestApi, type TestAnswer, type TestApi, testConfig } from './testing.ts'

const limits = { RATE_LIMIT_PER_MINUTE: 10, RATE_LIMIT_ADDRESS_PER_MINUTE: 6, REGISTRATIONS_PER_HOUR: 3 }

describe('rate limits', () => {
  let api: TestApi
  let addresses = 0
  let from: Record<string, string>
  before(async () => {
    api = await startTestApi(limits)
  })
  beforeEach(() => {
    from = { 'x-forwarded-for': `192.0.2.${++addresses}` }
  })
  after(() => api.stop())

  const left = ({ headers }: TestAnswer) => Number(headers.get('ratelimit-remaining') ?? Number.NaN)
  const get = (path: string, headers = from) => api.request('GET', path, { headers })
  const many = async (n: number, send: () => Promise<TestAnswer>) => {
    const answers: TestAnswer[] = []
    for (let i = 0; i < n; i++) answers.push(await send())
    return answers.map((a) => a.status)
  }

  it('say on every answer what is left, and of what', async () => {
    const token = await api.as('member')
    const first = await api.request('GET', '/api/v1/me', { token })
    assert.deepEqual([first.headers.get('ratelimit-limit'), left(first)], ['10', 9])
    const seconds = Number(first.headers.get('ratelimit-reset'))
    assert.ok(seconds > 55 && seconds <= 60)
    const refused = await api.request('PUT', '/api/v1/me/status', { token, body: {} })
    assert.deepEqual([refused.status, left(refused)], [422, 8])
    for (const [i, path] of ['/ping', '/nowhere', '/api/v1/me', '/%zz'].entries()) {
      const { headers } = await get(path)
      assert.deepEqual([headers.get('ratelimit-limit'), headers.get('ratelimit-remaining')], ['6', String(5 - i)], path)
    }
  })
  it('are for an account, whatever its credentials and from wherever', async () => {
    const token = await api.as('member')
    const { key } = (await api.request('POST', '/api/v1/api-keys', { token, body: { name: 'x' } })).body
    let n = 0
    const me = () => {
      const headers = { 'x-forwarded-for': `198.51.100.${++n}` }
      return api.request('GET', '/api/v1/me', { token: n % 2 ? token : key, headers })
    }
    assert.deepEqual(await many(9, me), Array(9).fill(200))
    const limited = await me()
    expectProblem(limited, 429, 'too_many_requests')
    const retry = Number(limited.headers.get('retry-after'))
    assert.ok(retry > 50 && retry <= 60)
    assert.equal(left(limited), 0)
    assert.equal((await api.request('GET', '/api/v1/me', { token: await api.as('member') })).status, 200)
    // Also what needs no credentials counts for whoever sends good ones.
    expectProblem(await api.request('GET', '/ping', { token }), 429, 'too_many_requests')
    assert.equal((await get('/ping')).status, 200)
  })
  it('count what the account may not do as well', async () => {
    const token = await api.as('member')
    const alerts = () => api.request('GET', '/api/v1/alerts', { token })
    assert.deepEqual(await many(11, alerts), [...Array(10).fill(403), 429])
  })
  it('let exactly as many through of those that come at once', async () => {
    const token = await api.as('member')
    const answers = await Promise.all(Array.from({ length: 40 }, () => api.request('GET', '/api/v1/me', { token })))
    assert.equal(answers.filter((a) => a.status === 200).length, 10)
  })
  it('are by address without credentials, paths that there are not included', async () => {
    const paths = ['/ping', '/nowhere', '/api/v1/openapi.json', '/login']
    let n = 0
    assert.deepEqual(await many(8, () => get(paths[n++ % 4]!)), [200, 404, 200, 405, 200, 404, 429, 429])
    assert.equal((await get('/ping', { 'x-forwarded-for': '203.0.113.77' })).status, 200)
  })
  it('stop floods with no or bad credentials, not accounts behind the same address', async () => {
    const token = await api.as('member')
    const bad = () =>
      api.request('GET', '/api/v1/me', { headers: { ...from, authorization: `Bearer ${'0'.repeat(64)}` } })
    assert.deepEqual(await many(4, bad), [401, 401, 401, 401])
    assert.deepEqual(await many(4, () => get('/api/v1/me')), [401, 401, 429, 429])
    expectProblem(await bad(), 429, 'too_many_requests')
    assert.equal((await api.request('GET', '/api/v1/me', { token, headers: from })).status, 200)
  })
  it('take a /64 of IPv6 for one address', async () => {
    let n = 0
    const ping = () => get('/ping', { 'x-forwarded-for': `2001:db8:0:7::${++n}` })
    assert.deepEqual(await many(7, ping), [...Array(6).fill(200), 429])
  })
  it('do not count a refused login, which has a limit of its own', async () => {
    const body = { username: 'nobody', password: 'wrong' }
    const login = () => api.request('POST', '/login', { body, headers: from })
    const first = await login()
    assert.deepEqual([first.status, left(first)], [401, 6])
    assert.deepEqual(await many(12, login), [...Array(9).fill(401), 429, 429, 429])
    expectProblem(await login(), 429, 'too_many_failed_logins')
    assert.equal(left(await get('/ping')), 5)
  })
  it('count a login that succeeds', async () => {
    const body = { username: 'welcome', password: 'supersecret' }
    await api.request('POST', '/register', { body, headers: { 'x-forwarded-for': '203.0.113.5' } })
    assert.deepEqual(await many(7, () => api.request('POST', '/login', { body, headers: from })), [
      ...Array(6).fill(200),
      429,
    ])
  })
  it('let an address register a few accounts, and an admin any number', async () => {
    let n = 0
    const registering = (path: string, token?: string) => {
      const body = { username: `new${addresses}.${++n}`, password: 'supersecret' }
      return api.request('POST', path, { body, headers: from, ...(token ? { token } : {}) })
    }
    const paths = ['/register', '/api/users', '/api/v1/accounts']
    for (const path of paths) assert.equal((await registering(path)).status, 201)
    for (const path of paths.slice(1)) {
      const limited = await registering(path)
      expectProblem(limited, 429, 'too_many_registrations')
      assert.ok(Number(limited.headers.get('retry-after')) > 3500)
    }
    const { token } = await api.as('admin')
    assert.equal((await registering('/register', token)).status, 201)
  })
  it('are for every operation, without credentials and with', async () => {
    const once = await startTestApi({ ...limits, RATE_LIMIT_PER_MINUTE: 1, RATE_LIMIT_ADDRESS_PER_MINUTE: 1 })
    try {
      for (const options of [{}, { token: await once.as('admin') }]) {
        await once.request('GET', '/ping', options)
        for (const route of once.routes) {
          const limited = await once.request(route.method.toUpperCase(), nowhere(route), options)
          expectProblem(limited, 429, 'too_many_requests')
          assert.ok(Number(limited.headers.get('retry-after')) > 0)
        }
      }
    } finally {
      await once.stop()
    }
  })
  it('are off at 0, without headers', async () => {
    const zero = { RATE_LIMIT_PER_MINUTE: 0, RATE_LIMIT_ADDRESS_PER_MINUTE: 0, REGISTRATIONS_PER_HOUR: 0 }
    const off = await startTestApi(zero)
    try {
      const ping = await off.request('GET', '/ping')
      assert.equal(ping.headers.get('ratelimit-limit'), null)
      const body = { username: 'x', password: 'supersecret' }
      assert.equal((await off.request('POST', '/register', { body })).status, 201)
      assert.equal((await off.request('GET', '/api/v1/me', { token: await off.as('member') })).status, 200)
    } finally {
      await off.stop()
    }
  })
  it('do not count requests while PostgreSQL is away, and do not need it', async () => {
    const db = createPool({ url: 'postgres://belfry@127.0.0.1:1/none', max: 1, name: 'test' })
    const platform = { db, logger: silentLog, metrics: createMetrics('test') }
    const server = await serve(startApi(platform, { ...testConfig, ...limits }).callback, 0, '127.0.0.1')
    const send = async (path: string) => {
      const headers = { authorization: `Bearer ${'0'.repeat(64)}` }
      return (await fetch(`http://127.0.0.1:${server.port}${path}`, { headers })).status
    }
    for (let i = 0; i < 8; i++) assert.equal(await send('/api/v1/me'), 503)
    assert.equal(await send('/ping'), 200)
    await server.close()
    await db.destroy()
  })
  it('cost little', async () => {
    const { count } = createRateLimits({ ...limits, RATE_LIMIT_PER_MINUTE: 10_000_000 })
    const account = { id: 1, username: 'x', role: 'member' as const }
    const [tries, rounds] = [5, 5000]
    let best = Number.POSITIVE_INFINITY
    for (let n = 0; n < tries; n++) {
      const started = performance.now()
      for (let i = 0; i < rounds; i++)
        await count({ kind: 'account', account: { ...account, id: i % 1000 }, by: { sessionId: 1 } }, '192.0.2.1')
      best = Math.min(best, ((performance.now() - started) * 1000) / rounds)
    }
    assert.ok(best < 20, `${best} microseconds per request`)
  })
})
