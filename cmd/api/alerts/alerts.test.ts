import assert from 'node:assert/strict'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/alerts'

describe('alerts', () => {
  let api: TestApi
  let dora: Caller
  let kit: ReturnType<typeof alertsTestKit>
  before(async () => {
    api = await startTestApi()
    dora = await api.as('dispatcher')
    kit = alertsTestKit(api.db, new TestClock())
  })
  after(() => api.stop())

  const raise = (body: unknown, headers = {}) => api.request('POST', path, { token: dora, body, headers })
  const get = (target: string) => api.request('GET', target, { token: dora })
  const refused = async (body: unknown): Promise<string[]> => {
    const answer = await raise(body)
    expectProblem(answer, 422, 'invalid_fields')
    return answer.body.errors.map((error: { path: string }) => error.path)
  }

  it('go to the listed objects that exist', async () => {
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    const acknowledge_by = new Date(Date.now() + 60_000)
    const object_ids = [a, b, b, 1_999_999_999, 2 ** 50, -3]
    const answer = await raise({ text: 'fire', severity: 'critical', object_ids, acknowledge_by })
    assert.equal(answer.status, 201)
    const { id, created_at, ...rest } = answer.body
    assert.deepEqual(rest, {
      text: 'fire',
      severity: 'critical',
      alert_all: false,
      number_of_objects_receiving_alert: 2,
      acknowledge_by: acknowledge_by.toISOString(),
      channels: ['inbox'],
      escalates: null,
      raised_by: dora.username,
    })
    assert.deepEqual((await get(`${path}/${id}`)).body, answer.body)
    const [event] = (await api.events()).slice(-3)
    assert.deepEqual(event, { scope: 'alerts', event: 'alert.raised', data: answer.body })
  })

  it('go to all, which wins over a list', async () => {
    const a = await kit.anObject()
    const { total } = await api.db('object_directory').first('total')
    const { body } = await raise({ text: 'fire', alert_all: true, object_ids: [a] })
    assert.deepEqual([body.alert_all, body.number_of_objects_receiving_alert], [true, total])
    assert.deepEqual([body.severity, body.acknowledge_by], ['info', null])
  })

  it('are raised once for an Idempotency-Key', async () => {
    const send = () => raise({ text: 'fire', alert_all: true }, { 'idempotency-key': 'once' })
    const [first, second] = [await send(), await send()]
    assert.deepEqual([second.status, second.body], [201, first.body])
  })

  it('need a text, somebody to go to, and a time to come', async () => {
    assert.deepEqual(await refused({ alert_all: true }), ['text'])
    assert.deepEqual(await refused({ text: '', alert_all: true }), ['text'])
    assert.deepEqual(await refused({ text: 'x'.repeat(4001), alert_all: true }), ['text'])
    assert.deepEqual(await refused({ text: 'x' }), ['object_ids'])
    assert.deepEqual(await refused({ text: 'x', object_ids: [] }), ['object_ids'])
    assert.deepEqual(await refused({ text: 'x', object_ids: [1.5, 'a'] }), ['object_ids.0', 'object_ids.1'])
    assert.deepEqual(await refused({ text: 'x', object_ids: [1e300] }), ['object_ids.0'])
    assert.deepEqual(await refused({ text: 'x', alert_all: true, severity: 'bad' }), ['severity'])
    const past = new Date(Date.now() - 1000).toISOString()
    assert.deepEqual(await refused({ text: 'x', alert_all: true, acknowledge_by: past }), ['acknowledge_by'])
    assert.deepEqual(await refused({ text: 'x', alert_all: true, acknowledge_by: 'soon' }), ['acknowledge_by'])
    const tooFar = '9999-12-31T23:59:59-01:00'
    assert.deepEqual(await refused({ text: 'x', alert_all: true, acknowledge_by: tooFar }), ['acknowledge_by'])
  })

  it('list ten thousand objects at most, and point to alert_all beyond', async () => {
    const object_ids = Array.from({ length: 10_001 }, (_, i) => i + 1)
    const { body } = await raise({ text: 'x', object_ids })
    assert.match(body.errors[0].message, /use alert_all/)
    assert.equal((await raise({ text: 'x', object_ids: object_ids.slice(1) })).status, 201)
  })

  it('are for dispatchers only', async () => {
    const { body } = await raise({ text: 'x', alert_all: true })
    const member = await api.as('member')
    for (const target of [path, `${path}/${body.id}`, `${path}/${body.id}/roll-call`]) {
      expectProblem(await api.request('GET', target), 401)
      expectProblem(await api.request('GET', target, { token: member }), 403)
    }
    expectProblem(await api.request('POST', path, { body: {} }), 401)
    expectProblem(await api.request('POST', path, { body: {}, token: member }), 403)
  })

  it('are listed newest first', async () => {
    const ids = []
    for (let i = 0; i < 3; i++) ids.unshift((await raise({ text: `${i}`, alert_all: true })).body.id)
    const first = await get(`${path}?limit=2`)
    const second = await get(`${path}?limit=1&after=${first.body.next}`)
    const seen = [...first.body.items, ...second.body.items].map((alert: { id: number }) => alert.id)
    assert.deepEqual(seen, ids)
    expectProblem(await get(`${path}?after=x`), 422)
  })

  it('that do not exist are not found', async () => {
    for (const id of [0, 1_999_999_999, 2_147_483_648, 'x']) {
      expectProblem(await get(`${path}/${id}`), 404)
      expectProblem(await get(`${path}/${id}/roll-call`), 404)
    }
  })

  it('have a roll-call by state, page by page, with the counts of the whole', async () => {
    const ids = [await kit.anObject('a@x.org'), await kit.anObject(), await kit.anObject()]
    const { id } = (await raise({ text: 'fire', object_ids: ids })).body
    await kit.apply(kit.mark('acknowledged', ids[0]!, id), kit.mark('read', ids[1]!, id))
    const rollCall = `${path}/${id}/roll-call`
    const first = (await get(`${rollCall}?limit=2`)).body
    assert.deepEqual(first.counts, { targeted: 3, delivered: 2, read: 2, acknowledged: 1 })
    const at = new TestClock().now().toISOString()
    const times = { delivered_at: at, read_at: at, acknowledged_at: at }
    assert.deepEqual(first.items[0], { object_id: ids[0], email: 'a@x.org', ...times })
    const second = (await get(`${rollCall}?limit=2&after=${first.next}`)).body
    const idsOf = (body: { items: { object_id: number }[] }) => body.items.map((item) => item.object_id)
    assert.deepEqual([...idsOf(first), ...idsOf(second)], ids)
    assert.equal(second.next, null)
    assert.deepEqual(idsOf((await get(`${rollCall}?state=missing`)).body), [ids[2]])
    assert.deepEqual(idsOf((await get(`${rollCall}?state=acknowledged`)).body), [ids[0]])
    expectProblem(await get(`${rollCall}?state=lost`), 422)
    expectProblem(await get(`${rollCall}?limit=0`), 422)
  })
})
