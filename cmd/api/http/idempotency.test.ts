import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from './testing.ts'

const body = { status: 'once' }

describe('Idempotency-Key', () => {
  let api: TestApi
  let me: Caller
  beforeEach(async () => {
    api = await startTestApi()
    me = await api.as('member')
  })
  afterEach(() => api.stop())

  const post = (key: string, sent: object = body, token: Caller = me, path = '/status') =>
    api.request('POST', path, { token, body: sent, headers: { 'idempotency-key': key } })

  it('answers the first success again and does nothing twice', async () => {
    const first = await post('k')
    const second = await post('k')
    assert.equal(first.headers.get('idempotency-replayed'), null)
    assert.equal(second.headers.get('idempotency-replayed'), 'true')
    assert.deepEqual([second.status, second.body], [first.status, first.body])
    assert.equal((await api.events()).length, 1)
  })
  it('runs once of many at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k')))
    for (const answer of answers) if (answer.status !== 200) expectProblem(answer, 409, 'idempotency_key_running')
    assert.ok(answers.some((a) => a.status === 200))
    assert.equal((await api.events()).length, 1)
  })
  it('refuses the key for another body or path', async () => {
    await post('k')
    expectProblem(await post('k', { status: 'other' }), 422, 'idempotency_key_reused')
    expectProblem(await post('k', body, me, '/status?x=1'), 422, 'idempotency_key_reused')
  })
  it('belongs to one account', async () => {
    await post('k')
    const other = await post('k', body, await api.as('member'))
    assert.equal(other.headers.get('idempotency-replayed'), null)
  })
  it('is forgotten after 24 hours', async () => {
    await post('k')
    api.clock.advance(24 * 3600_000 + 1)
    const later = await post('k', { status: 'other' })
    assert.equal(later.status, 200)
    assert.equal((await post('k', { status: 'other' })).headers.get('idempotency-replayed'), 'true')
  })
  it('does not keep errors', async () => {
    const admin = await api.as('admin')
    const registering = () => post('k', { username: 'new', password: 'supersecret' }, admin, '/register')
    await api.anAccount({ username: 'new' })
    expectProblem(await registering(), 409, 'username_taken')
    await api.db('accounts').where({ username: 'new' }).delete()
    assert.equal((await registering()).status, 201)
    assert.equal((await registering()).headers.get('idempotency-replayed'), 'true')
  })
  it('has 1 to 255 visible ASCII characters', async () => {
    for (const key of ['a b', 'x'.repeat(256), 'ü']) expectProblem(await post(key), 422, 'invalid_fields')
    assert.equal((await post('x'.repeat(255))).status, 200)
  })
  it('is ignored where the answer is a secret', async () => {
    const ticket = async () =>
      (await api.request('POST', '/api/v1/stream/tickets', { token: me, headers: { 'idempotency-key': 'k' } })).body
        .ticket
    assert.notEqual(await ticket(), await ticket())
    assert.deepEqual(await api.db('idempotency_keys'), [])
  })
})
