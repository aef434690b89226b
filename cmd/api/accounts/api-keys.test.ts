import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { deleteExpired } from '#internal/accounts/cleanup'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/api-keys'

describe('API keys', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.stop())

  const make = async (token: Caller, fields: object = {}) =>
    api.request('POST', path, { token, body: { name: 'a key', ...fields } })
  const key = async (token: Caller, ...scopes: string[]): Promise<string> =>
    (await make(token, scopes.length > 0 ? { scopes } : {})).body.key
  const me = (token: string) => api.request('GET', '/api/v1/me', { token })

  it('are made with a name, are shown once, and may do all by default', async () => {
    const owner = await api.as('member')
    const { status, body } = await make(owner, { name: '  backup ' })
    assert.equal(status, 201)
    const { key, id, created_at, ...rest } = body
    assert.match(key, /^bk_[0-9a-f]{64}$/)
    assert.ok(id > 0 && created_at)
    assert.deepEqual(rest, { name: 'backup', scopes: ['all'], expires_at: null, last_used_at: null })
    assert.equal((await me(key)).body.username, owner.username)
    const [row] = await api.db('api_keys').where({ id })
    assert.deepEqual(row.key_hash, createHash('sha256').update(key).digest())
    assert.ok(!JSON.stringify(row).includes(key.slice(3)))
  })
  it('are listed newest first and page by page, one sees only own ones, and never the key', async () => {
    const owner = await api.as('member')
    for (const name of ['one', 'two', 'three']) await make(owner, { name, scopes: ['read', 'alerts', 'read'] })
    await make(await api.as('member'))
    const first = await api.request('GET', `${path}?limit=2`, { token: owner })
    const second = await api.request('GET', `${path}?limit=2&after=${first.body.next}`, { token: owner })
    const items = [...first.body.items, ...second.body.items]
    assert.deepEqual(
      items.map((item) => item.name),
      ['three', 'two', 'one'],
    )
    assert.deepEqual(items[0].scopes, ['read', 'alerts'])
    assert.equal(second.body.next, null)
    assert.ok(!/bk_/.test(first.text))
  })
  for (const [what, body] of [
    ['no name', {}],
    ['an empty name', { name: ' ' }],
    ['a long name', { name: 'x'.repeat(101) }],
    ['no scope', { name: 'x', scopes: [] }],
    ['an unknown scope', { name: 'x', scopes: ['root'] }],
    ['an end that is no time', { name: 'x', expires_at: 'tomorrow' }],
    ['an end beyond the year 9999', { name: 'x', expires_at: '9999-12-31T23:59:59-01:00' }],
    ['an end in the past', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }],
    ['an unknown field', { name: 'x', role: 'admin' }],
  ] as const)
    it(`are refused with ${what}`, async () => {
      expectProblem(await api.request('POST', path, { token: await api.as('member'), body }), 422, 'invalid_fields')
    })

  it('end when they are deleted, at once and with an event', async () => {
    const owner = await api.as('member')
    const { id, key } = (await make(owner)).body
    expectProblem(await api.request('DELETE', `${path}/${id}`, { token: await api.as('admin') }), 404)
    assert.equal((await api.request('DELETE', `${path}/${id}`, { token: owner })).status, 204)
    expectProblem(await me(key), 401, 'unauthenticated')
    assert.deepEqual((await api.events()).at(-1), {
      scope: `account:${owner.id}`,
      event: 'session.revoked',
      data: { api_key_id: id },
    })
    expectProblem(await api.request('DELETE', `${path}/${id}`, { token: owner }), 404, 'api_key_not_found')
    for (const bad of ['0', 'x', '9223372036854775808'])
      expectProblem(await api.request('DELETE', `${path}/${bad}`, { token: owner }), 404)
  })
  it('end when they expire, and are swept away', async () => {
    const fresh = await startTestApi()
    try {
      const owner = await fresh.as('member')
      const expires_at = new Date(fresh.clock.now().getTime() + 3600_000).toISOString()
      const made = await fresh.request('POST', path, { token: owner, body: { name: 'short', expires_at } })
      assert.equal(made.body.expires_at, expires_at)
      assert.equal((await fresh.request('GET', '/api/v1/me', { token: made.body.key })).status, 200)
      fresh.clock.advance(3600_000)
      expectProblem(await fresh.request('GET', '/api/v1/me', { token: made.body.key }), 401)
      assert.deepEqual((await fresh.request('GET', path, { token: owner })).body.items, [])
      await deleteExpired(fresh.db, fresh.clock.now())
      assert.deepEqual(await fresh.db('api_keys'), [])
    } finally {
      await fresh.stop()
    }
  })
  it('end when their account is disabled, and stay ended', async () => {
    const owner = await api.as('dispatcher')
    const { id, key } = (await make(owner)).body
    const admin = await api.as('admin')
    const disabling = (disabled: boolean) =>
      api.request('PATCH', `/api/v1/accounts/${owner.username}`, { token: admin, body: { disabled } })
    await disabling(true)
    expectProblem(await me(key), 401)
    const revoked = (await api.events()).filter((e) => e.event === 'session.revoked' && e.data.api_key_id === id)
    assert.equal(revoked.length, 1)
    await disabling(false)
    expectProblem(await me(key), 401)
  })
  it('do what the role of their account may, as it is now', async () => {
    const owner = await api.as('member')
    const all = await key(owner)
    const alerts = () => api.request('GET', '/api/v1/alerts', { token: all })
    expectProblem(await alerts(), 403, 'forbidden')
    await api.db('accounts').where({ id: owner.id }).update({ role: 'dispatcher' })
    assert.equal((await alerts()).status, 200)
  })
  it('do what one of their scopes covers, and nothing else', async () => {
    const owner = await api.as('admin')
    const alerts = await key(owner, 'alerts', 'stream')
    const read = await key(owner, 'read')
    assert.equal((await api.request('GET', '/api/v1/alerts', { token: alerts })).status, 200)
    const refused = await api.request('GET', '/api/v1/objects', { token: alerts })
    expectProblem(refused, 403, 'scope_missing')
    assert.match(refused.body.detail, /scope objects/)
    assert.equal((await api.request('GET', '/api/v1/objects', { token: read })).status, 200)
    const body = { text: 'x', alert_all: true }
    assert.equal((await api.request('POST', '/api/v1/alerts', { token: alerts, body })).status, 201)
    expectProblem(await api.request('POST', '/api/v1/alerts', { token: read, body }), 403, 'scope_missing')
    expectProblem(await api.request('POST', '/alert', { token: read, body }), 403, 'scope_missing')
    assert.equal((await api.request('POST', '/alert', { token: alerts, body })).status, 200)
  })
  it('do not open closed registration without the scope for it', async () => {
    const closed = await startTestApi({ REGISTRATION: 'closed' })
    try {
      const owner = await closed.as('admin')
      const made = async (scope: string) =>
        (await closed.request('POST', path, { token: owner, body: { name: 'x', scopes: [scope] } })).body.key
      const body = { username: 'new', password: 'supersecret' }
      const registering = async (token: string, to = '/api/v1/accounts') => closed.request('POST', to, { token, body })
      expectProblem(await registering(await made('alerts')), 403, 'scope_missing')
      expectProblem(await registering(await made('alerts'), '/register'), 403, 'scope_missing')
      assert.equal((await registering(await made('accounts'))).status, 201)
    } finally {
      await closed.stop()
    }
  })
  it('do not manage credentials', async () => {
    const owner = await api.as('admin')
    const token = await key(owner)
    const code = { code: '123456' }
    for (const [method, to, body] of [
      ['GET', '/api/v1/sessions', undefined],
      ['DELETE', '/api/v1/sessions/current', undefined],
      ['DELETE', '/api/v1/sessions/1', undefined],
      ['POST', '/api/v1/stream/tickets', undefined],
      ['GET', path, undefined],
      ['POST', path, { name: 'x' }],
      ['DELETE', `${path}/1`, undefined],
      ['PUT', '/api/v1/me/password', { current_password: 'none', new_password: 'supersecret' }],
      ['POST', '/api/v1/me/totp', undefined],
      ['POST', '/api/v1/me/totp/confirm', code],
      ['DELETE', '/api/v1/me/totp', code],
    ] as const)
      expectProblem(await api.request(method, to, { token, body }), 403, 'session_needed')
  })
  it('note their use once a minute', async () => {
    const owner = await api.as('member')
    const { id, key } = (await make(owner)).body
    const used = async () => (await api.db('api_keys').where({ id }).first('last_used_at')).last_used_at?.getTime()
    const started = api.clock.now().getTime()
    await me(key)
    const first = await used()
    assert.ok(first >= started)
    api.clock.advance(30_000)
    await me(key)
    assert.equal(await used(), first)
    api.clock.advance(31_000)
    await Promise.all(Array.from({ length: 20 }, () => me(key)))
    assert.ok((await used()) >= first + 61_000)
    const [item] = (await api.request('GET', path, { token: owner })).body.items
    assert.equal(Date.parse(item.last_used_at), await used())
  })
  it('wait for nobody who has their row locked', async () => {
    const { id, key } = (await make(await api.as('member'))).body
    await api.db.transaction(async (trx) => {
      await trx('api_keys').where({ id }).forUpdate().first()
      assert.equal((await me(key)).status, 200)
    })
  })
  it('are looked up together with sessions, each with its own answer', async () => {
    const owners = await Promise.all(Array.from({ length: 6 }, () => api.as('member')))
    const keys = await Promise.all(owners.map((owner) => key(owner)))
    const tokens = [...keys, ...owners.map((owner) => owner.token), `bk_${'0'.repeat(64)}`]
    const answers = await Promise.all(tokens.map(me))
    assert.deepEqual(
      answers.map(({ status, body }) => (status === 200 ? body.username : status)),
      [...owners, ...owners].map((o) => o.username as string | number).concat(401),
    )
  })
  it('share the Idempotency-Keys of their account', async () => {
    const owner = await api.as('member')
    const post = async (token: string | Caller) =>
      api.request('POST', '/status', { token, body: { status: 'x' }, headers: { 'idempotency-key': 'same' } })
    await post(await key(owner, 'messages'))
    assert.equal((await post(owner)).headers.get('idempotency-replayed'), 'true')
    expectProblem(await post(await key(owner, 'read')), 403, 'scope_missing')
  })
  for (const authorization of ['Bearer bk_', 'Bearer bk_x', `JWT bk_${'0'.repeat(64)}`, `Bearer BK_${'0'.repeat(64)}`])
    it(`are not ${authorization.slice(0, 20)}`, async () =>
      expectProblem(await api.request('GET', '/api/v1/me', { headers: { authorization } }), 401, 'unauthenticated'))
  it('need a session to be made, listed and deleted', async () => {
    for (const [method, to] of [
      ['POST', path],
      ['GET', path],
      ['DELETE', `${path}/1`],
    ] as const)
      expectProblem(await api.request(method, to), 401)
  })
})
