import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { deleteExpired } from '#internal/accounts/cleanup'
import { useTicket } from '#internal/accounts/tickets'
import { expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const password = 'supersecret'

describe('sessions', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
    await api.request('POST', '/register', { body: { username: 'alice', password } })
  })
  after(() => api.stop())

  const login = (body: object = { username: 'alice', password }, headers = {}) =>
    api.request('POST', '/api/v1/sessions', { body, headers })

  it('opens one with the right password, whatever the case of the name', async () => {
    const { status, body } = await login({ username: 'ALICE', password })
    assert.equal(status, 201)
    assert.match(body.token, /^[0-9a-f]{64}$/)
    assert.equal(body.account.username, 'alice')
    const days = (Date.parse(body.expires_at) - Date.now()) / 86_400_000
    assert.ok(days > 29.9 && days < 30.1)
  })
  it('stores the hash of the token and not the token', async () => {
    const { token } = (await login()).body
    const hash = createHash('sha256').update(token).digest()
    assert.ok(await api.db('sessions').where({ token_hash: hash }).first())
    const text = JSON.stringify(await api.db('sessions'))
    assert.ok(!text.includes(token))
  })
  it('says the same of an unknown user and a wrong password', async () => {
    const wrong = await login({ username: 'alice', password: 'wrong' })
    const unknown = await login({ username: 'nobody', password: 'wrong' })
    expectProblem(wrong, 401, 'invalid_credentials')
    expectProblem(unknown, 401, 'invalid_credentials')
    assert.equal(wrong.headers.get('www-authenticate'), 'Bearer')
    assert.deepEqual({ ...wrong.body, request_id: '' }, { ...unknown.body, request_id: '' })
  })
  it('lists the own ones, newest first, without secrets', async () => {
    const other = await api.as('member')
    const { token } = (await login(undefined, { 'user-agent': 'a browser', 'x-forwarded-for': '203.0.113.9' })).body
    const { body } = await api.request('GET', '/api/v1/sessions?limit=1', { token })
    assert.equal(body.items.length, 1)
    assert.deepEqual(Object.keys(body.items[0]), ['id', 'created_at', 'expires_at', 'address', 'user_agent', 'current'])
    assert.deepEqual(
      [body.items[0].address, body.items[0].user_agent, body.items[0].current],
      ['203.0.113.9', 'a browser', true],
    )
    const next = await api.request('GET', `/api/v1/sessions?after=${body.next}`, { token })
    assert.ok(next.body.items.every((s: { id: number; current: boolean }) => s.id < body.items[0].id && !s.current))
    assert.equal((await api.request('GET', '/api/v1/sessions', { token: other })).body.items.length, 1)
  })
  it('ends the current one', async () => {
    const { token, account } = (await login()).body
    const { items } = (await api.request('GET', '/api/v1/sessions?limit=1', { token })).body
    assert.equal((await api.request('DELETE', '/api/v1/sessions/current', { token })).status, 204)
    expectProblem(await api.request('GET', '/api/v1/me', { token }), 401)
    assert.deepEqual((await api.events()).at(-1), {
      scope: `account:${account.id}`,
      event: 'session.revoked',
      data: { session_id: items[0].id },
    })
  })
  it('ends another own one, once', async () => {
    const mine = await api.as('member')
    const { token } = (await login()).body
    const id = (await api.request('GET', '/api/v1/sessions?limit=1', { token })).body.items[0].id
    expectProblem(await api.request('DELETE', `/api/v1/sessions/${id}`, { token: mine }), 404, 'session_not_found')
    const again = (await login()).body.token
    assert.equal((await api.request('DELETE', `/api/v1/sessions/${id}`, { token: again })).status, 204)
    expectProblem(await api.request('GET', '/api/v1/me', { token }), 401)
    expectProblem(await api.request('DELETE', `/api/v1/sessions/${id}`, { token: again }), 404)
  })
  for (const id of ['0', '-1', '1.5', 'x', '99999999999999999999', '9223372036854775807', '1e3'])
    it(`answers 404 for session ${id}`, async () => {
      expectProblem(await api.request('DELETE', `/api/v1/sessions/${id}`, { token: await api.as('member') }), 404)
    })
  it('needs credentials for all but logging in', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/sessions'],
      ['DELETE', '/api/v1/sessions/current'],
      ['DELETE', '/api/v1/sessions/1'],
      ['POST', '/api/v1/stream/tickets'],
    ] as const)
      expectProblem(await api.request(method, path), 401)
  })
  it('issues a stream ticket that works once and within a minute', async () => {
    const me = await api.as('member')
    const issue = async () => (await api.request('POST', '/api/v1/stream/tickets', { token: me })).body.ticket
    const ticket = await issue()
    const now = new Date()
    const uses = await Promise.all([useTicket(api.db, ticket, now), useTicket(api.db, ticket, now)])
    assert.deepEqual(uses.filter(Boolean), [{ sessionId: me.sessionId }])
    assert.equal(await useTicket(api.db, await issue(), new Date(Date.now() + 61_000)), undefined)
  })

  describe('that have run out', () => {
    it('are no credentials, and are swept away', async () => {
      const fresh = await startTestApi()
      try {
        const me = await fresh.as('member')
        fresh.clock.advance(31 * 86_400_000)
        expectProblem(await fresh.request('GET', '/api/v1/me', { token: me }), 401)
        await deleteExpired(fresh.db, fresh.clock.now())
        assert.deepEqual(await fresh.db('sessions'), [])
      } finally {
        await fresh.stop()
      }
    })
  })

  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    `Bearer ${'0'.repeat(64)}`,
    `Bearer ${'G'.repeat(64)}`,
    'Bearer bx_nothing',
    'Bearer a.b.c',
    'JWT a.b.c',
    'JWT eyJhbGciOiJub25lIn0.eyJzaWQiOjF9.',
    `Bearer ${'x'.repeat(5000)}`,
    "Bearer ' or 1=1 --",
  ])
    it(`are not opened by ${authorization.slice(0, 40)}`, async () => {
      const answer = await api.request('GET', '/api/v1/me', { headers: { authorization } })
      expectProblem(answer, 401, 'unauthenticated')
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    })
})
