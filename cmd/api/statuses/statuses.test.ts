import assert from 'node:assert/strict'
import { expireStatuses } from '#internal/statuses/statuses'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('statuses', () => {
  let api: TestApi
  let alice: Caller
  beforeEach(async () => {
    api = await startTestApi()
    alice = await api.anAccount({ username: 'alice' })
  })
  afterEach(() => api.stop())

  const put = (status: unknown) => api.request('PUT', '/api/v1/me/status', { token: alice, body: { status } })
  const get = (name = 'alice') => api.request('GET', `/api/v1/accounts/${name}/status`)

  it('are null where there is none, for everybody to see', async () => {
    assert.deepEqual((await get('ALICE')).body, { status: null, expires_at: null })
  })
  it('are set and replaced, with an event each', async () => {
    await put('first')
    const { status, body } = await put('second')
    assert.equal(status, 200)
    assert.equal(Date.parse(body.expires_at) - api.clock.now().getTime() > 23.9 * 3600_000, true)
    assert.deepEqual((await get()).body, body)
    const events = await api.events()
    assert.deepEqual(events.at(-1), {
      scope: `status:${alice.id}`,
      event: 'status.set',
      data: { username: 'alice', ...body },
    })
    assert.equal(events.length, 2)
  })
  it('end after a day by the clock, and the scheduler says so once', async () => {
    await put('for a day')
    assert.equal(await expireStatuses(api.db, api.clock), 0)
    api.clock.advance(24 * 3600_000 + 1)
    assert.deepEqual((await get()).body, { status: null, expires_at: null })
    const counts = await Promise.all([expireStatuses(api.db, api.clock), expireStatuses(api.db, api.clock)])
    assert.deepEqual(counts.sort(), [0, 1])
    const expired = (await api.events()).filter((e) => e.event === 'status.expired')
    assert.deepEqual(expired, [
      {
        scope: `status:${alice.id}`,
        event: 'status.expired',
        data: { username: 'alice', status: null, expires_at: null },
      },
    ])
  })
  it('expire in batches, every one of them', async () => {
    await api.db.raw(
      `insert into accounts (username, role, password_hash, created_at) select 'u' || n, 'member', '', now() from generate_series(1, 1200) n;
       insert into statuses select id, 'x', now() - interval '1 hour' from accounts where username like 'u%'`,
    )
    assert.equal(await expireStatuses(api.db, api.clock), 1200)
    assert.equal((await api.events()).length, 1200)
  })
  it('are taken back, telling watchers once', async () => {
    await put('soon gone')
    const remove = () => api.request('DELETE', '/api/v1/me/status', { token: alice })
    assert.equal((await remove()).status, 204)
    assert.equal((await remove()).status, 204)
    assert.deepEqual((await get()).body, { status: null, expires_at: null })
    assert.deepEqual(
      (await api.events()).map((e) => [e.event, e.data.status]),
      [
        ['status.set', 'soon gone'],
        ['status.set', null],
      ],
    )
  })
  it('have 1 to 280 characters', async () => {
    for (const text of ['', 'x'.repeat(281), null, 7, undefined]) expectProblem(await put(text), 422, 'invalid_fields')
    assert.equal((await put('x'.repeat(280))).status, 200)
  })
  it('are 404 for unknown accounts', async () => expectProblem(await get('nobody'), 404, 'account_not_found'))
  it('need credentials to be set', async () => {
    expectProblem(await api.request('PUT', '/api/v1/me/status', { body: { status: 'x' } }), 401)
    expectProblem(await api.request('DELETE', '/api/v1/me/status'), 401)
  })
})
