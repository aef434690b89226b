import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/objects'
const bob = { email: 'bob@example.com', phone_number: '212-555-1234' }

describe('objects', () => {
  let api: TestApi
  let dora: Caller
  before(async () => {
    api = await startTestApi()
    dora = await api.as('dispatcher')
  })
  after(() => api.stop())

  const create = async (body: object = bob) => (await api.request('POST', path, { token: dora, body })).body
  const get = (id: number | string, token: Caller | string = dora) => api.request('GET', `${path}/${id}`, { token })

  it('are created by dispatchers and admins', async () => {
    for (const role of ['dispatcher', 'admin'] as const) {
      const answer = await api.request('POST', path, { token: await api.as(role), body: bob })
      assert.equal(answer.status, 201)
      const { id, created_at, ...rest } = answer.body
      assert.deepEqual(rest, { ...bob, phone_e164: '+12125551234' })
      assert.deepEqual((await get(id)).body, answer.body)
      assert.ok(Date.parse(created_at) <= Date.now())
    }
  })

  it('are nothing for members, or for nobody', async () => {
    const { id } = await create()
    const member = await api.as('member')
    const operations = [
      ['POST', path, bob],
      ['GET', path],
      ['GET', `${path}/${id}`],
      ['PATCH', `${path}/${id}`, {}],
      ['DELETE', `${path}/${id}`],
      ['POST', `${path}/${id}/inbox-token`],
      ['POST', `${path}/import`, { objects: [bob] }],
    ] as const
    for (const [method, target, body] of operations) {
      expectProblem(await api.request(method, target, { body }), 401, 'unauthenticated')
      expectProblem(await api.request(method, target, { body, token: member }), 403, 'forbidden')
    }
    const { token } = (await api.request('POST', `${path}/${id}/inbox-token`, { token: dora })).body
    expectProblem(await get(id, token), 403)
  })

  it('need a good email and a good phone number, and say all that is wrong at once', async () => {
    const refused = async (body: object) => {
      const answer = await api.request('POST', path, { token: dora, body })
      expectProblem(answer, 422, 'invalid_fields')
      return answer.body.errors.map((error: { path: string }) => error.path)
    }
    assert.deepEqual(await refused({ email: 'bob', phone_number: '123' }), ['email', 'phone_number'])
    assert.deepEqual(await refused({ ...bob, phone_number: '555-1234' }), ['phone_number'])
    assert.deepEqual(await refused({ ...bob, phone_number: 5 }), ['phone_number'])
    assert.deepEqual(await refused({ ...bob, name: 'Bob' }), ['name'])
    assert.deepEqual(await refused({}), ['email', 'phone_number'])
  })

  it('are listed page by page', async () => {
    const ids = [(await create()).id, (await create()).id, (await create()).id]
    const seen: number[] = []
    for (let next: string | null = `${path}?limit=2`; next; ) {
      const { body, headers } = await api.request('GET', next, { token: dora })
      seen.push(...body.items.map((item: { id: number }) => item.id))
      next = body.next && (/<(.*)>/.exec(headers.get('link') ?? '')?.[1] ?? null)
    }
    assert.deepEqual(seen.slice(-3), ids)
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    )
    expectProblem(await api.request('GET', `${path}?limit=201`, { token: dora }), 422)
    const far = Buffer.from('[99999999999]').toString('base64url')
    expectProblem(await api.request('GET', `${path}?after=${far}`, { token: dora }), 422)
  })

  it('are found by the beginnings of what they have', async () => {
    const { id } = await create({ email: 'Ann.Lee+pager@corp.example', phone_number: '+44 20 7946 0958' })
    const { id: other } = await create({ email: 'annette@x.org', phone_number: '(212) 555-9876' })
    const find = async (query: string) => {
      const { body } = await api.request('GET', `${path}?query=${encodeURIComponent(query)}`, { token: dora })
      return body.items.map((item: { id: number }) => item.id)
    }
    for (const query of ['ann.lee+pager@corp.example', 'LEE', 'pag corp', 'lee@corp', '+44 20 7946', '442079460958'])
      assert.deepEqual(await find(query), [id], query)
    assert.deepEqual(await find('ann'), [id, other])
    for (const query of ['+1 212 555 98', '212-5559', '(212) 555-9876'])
      assert.ok((await find(query)).includes(other), query)
    for (const query of ['nn', 'ann org pager', '555', '@', "'", '%']) assert.deepEqual(await find(query), [], query)
    assert.equal((await api.request('DELETE', `${path}/${id}`, { token: dora })).status, 204)
    assert.deepEqual(await find('lee'), [])
    expectProblem(await api.request('GET', `${path}?query=`, { token: dora }), 422, 'invalid_fields')
  })

  it('are changed field by field', async () => {
    const { id } = await create()
    const patch = (body: object, target = id) => api.request('PATCH', `${path}/${target}`, { token: dora, body })
    assert.equal((await patch({ email: 'rob@example.com' })).body.email, 'rob@example.com')
    const { body } = await patch({ phone_number: '+44 20 7946 0958' })
    assert.deepEqual([body.email, body.phone_e164], ['rob@example.com', '+442079460958'])
    assert.deepEqual((await patch({})).body, body)
    expectProblem(await patch({ phone_number: 'none' }), 422)
    expectProblem(await patch({ email: null }), 422)
    expectProblem(await patch({ email: 'a@b.org' }, 1_999_999_999), 404, 'object_not_found')
  })

  it('are removed once', async () => {
    const { id } = await create()
    const remove = () => api.request('DELETE', `${path}/${id}`, { token: dora })
    assert.equal((await remove()).status, 204)
    expectProblem(await remove(), 404, 'object_not_found')
    expectProblem(await get(id), 404, 'object_not_found')
    expectProblem(await api.request('POST', `${path}/${id}/inbox-token`, { token: dora }), 404, 'object_not_found')
  })

  it('that cannot exist are not found', async () => {
    for (const id of [0, -1, 2_147_483_648, '9'.repeat(30), 'x', '1.5']) expectProblem(await get(id), 404)
  })

  it('get a new inbox token, which ends the one before', async () => {
    const { id } = await create()
    const issue = () => api.request('POST', `${path}/${id}/inbox-token`, { token: dora })
    const inbox = (token: string) => api.request('GET', `${path}/${id}/inbox`, { token })
    const first = await issue()
    assert.equal(first.status, 201)
    assert.equal((await inbox(first.body.token)).status, 200)
    const second = await issue()
    expectProblem(await inbox(first.body.token), 401)
    assert.equal((await inbox(second.body.token)).status, 200)
  })

  it('are made many at once, each once, without the bad', async () => {
    const good = { email: 'many@example.com', phone_number: '(212) 555-0000' }
    const objects = [
      good,
      { email: 'nobody', phone_number: '12' },
      { email: 'MANY@example.com', phone_number: '+12125550000' },
    ]
    const send = async (body: object) => {
      const answer = await api.request('POST', `${path}/import`, { token: dora, body })
      assert.equal(answer.status, 200, answer.text)
      return answer.body
    }
    const found = async () =>
      (await api.request('GET', `${path}?query=many@example.com`, { token: dora })).body.items.map(
        ({ email, phone_e164 }: Record<string, string>) => [email, phone_e164],
      )
    const bad = [{ index: 1, problem: 'email "nobody" is not an e-mail address' }]
    assert.deepEqual(await send({ objects, dry_run: true }), { created: 1, duplicates: 1, bad })
    assert.deepEqual(await found(), [])
    assert.deepEqual(await send({ objects }), { created: 1, duplicates: 1, bad })
    assert.deepEqual(await send({ objects }), { created: 0, duplicates: 2, bad })
    assert.deepEqual(await found(), [['many@example.com', '+12125550000']])
    for (const body of [{ objects: [] }, { objects: Array(1001).fill(good) }, { objects: [{ email: 'a@b.org' }] }])
      expectProblem(await api.request('POST', `${path}/import`, { token: dora, body }), 422, 'invalid_fields')
  })

  it('are made once for an Idempotency-Key', async () => {
    const send = () => api.request('POST', path, { token: dora, body: bob, headers: { 'idempotency-key': 'one' } })
    const [first, second] = [await send(), await send()]
    assert.deepEqual(second.body, first.body)
    assert.equal(second.headers.get('idempotency-replayed'), 'true')
  })
})
