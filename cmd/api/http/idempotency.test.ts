import assert from 'node:assert/strict'
import { png } from '#internal/attachments/testing'
import type { OpenApi, Operation } from '../documents/openapi.ts'
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

/** Bodies that pass for valid, of the operations that take a key and a body. */
const account = { username: 'new', password: 'supersecret' }
const contact = { email: 'bob@example.com', phone_number: '212-555-1234' }
const alert = { text: 'fire', alert_all: true }
const direct = { sender_user_name: 'ada', recipient_user_name: 'bob', body: 'x' }
const bodies: Record<string, unknown> = {
  '/api/v1/accounts': account,
  '/api/v1/me/friends': { username: 'bob' },
  '/api/v1/topics': { name: 'Ops' },
  '/api/v1/topics/{id}/invitations': { username: 'bob' },
  '/api/v1/conversations': { members: ['bob'] },
  '/api/v1/conversations/{id}/messages': { body: 'x' },
  '/api/v1/conversations/{id}/attachments': png(),
  '/api/v1/objects': contact,
  '/api/v1/objects/import': { objects: [contact] },
  '/api/v1/alerts': alert,
  '/api/v1/alerts/{id}/resend': { to: 'all' },
  '/api/v1/schedules': { cron: '0 9 * * *', time_zone: 'UTC', alert },
  '/api/v1/me/profiles': { kind: 'rss', address: 'https://example.com/feed' },
  '/status': body,
  '/register': account,
  '/api/users': account,
  '/api/messages': direct,
  '/object': contact,
  '/alert': alert,
}

describe('Idempotency-Key in the OpenAPI document', () => {
  let api: TestApi
  let ada: Caller
  let topic: number
  let operations: [string, Operation][]
  before(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada', role: 'admin' })
    topic = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops' } })).body.id
    const { paths }: OpenApi = (await api.request('GET', '/api/v1/openapi.json')).body
    operations = Object.entries(paths).flatMap(([path, { post }]): [string, Operation][] =>
      post?.parameters.some(({ name }) => name === 'Idempotency-Key') ? [[path, post]] : [],
    )
  })
  after(() => api.stop())

  const send = (path: string, operation: Operation, key: string) => {
    const sent = bodies[path]
    assert.equal(sent !== undefined, operation.requestBody !== undefined, `a body for ${path}`)
    const headers = { 'idempotency-key': key, ...(Buffer.isBuffer(sent) ? { 'content-type': 'image/png' } : {}) }
    return api.request('POST', path.replace('{id}', String(topic)), { token: ada, body: sent, headers })
  }

  it('is looked at by every operation that has it', async () => {
    for (const [path, operation] of operations) expectProblem(await send(path, operation, 'a b'), 422, 'invalid_fields')
  })
  it('lets one request at a time through every operation that has it', async () => {
    await api.db.transaction(async (trx) => {
      await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`${ada.id}:k`])
      for (const [path, operation] of operations)
        expectProblem(await send(path, operation, 'k'), 409, 'idempotency_key_running')
    })
  })
})
