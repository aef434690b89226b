import assert from 'node:assert/strict'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('the inbox of an object', () => {
  const clock = new TestClock()
  let api: TestApi
  let dora: Caller
  let kit: ReturnType<typeof alertsTestKit>
  let a: { id: number; token: string }
  let b: { id: number; token: string }
  before(async () => {
    api = await startTestApi()
    dora = await api.as('dispatcher')
    kit = alertsTestKit(api.db, clock)
    a = await withToken()
    b = await withToken()
  })
  after(() => api.stop())

  async function withToken() {
    const id = await kit.anObject()
    return { id, token: (await issueInboxToken(api.db, id, clock))! }
  }
  const inbox = (id: number | string) => `/api/v1/objects/${id}/inbox`
  const get = (path: string, token?: Caller | string) => api.request('GET', path, token ? { token } : {})
  const put = (path: string, token?: Caller | string) => api.request('PUT', path, token ? { token } : {})

  it('shows its alerts oldest first, page by page, to its own token and to dispatchers', async () => {
    const alerts = [
      await kit.anAlert({ objectIds: [a.id] }),
      await kit.anAlert({ alertAll: true, severity: 'warning' }),
    ]
    await kit.anAlert({ objectIds: [b.id] })
    await kit.relay()
    for (const token of [a.token, dora]) {
      const first = (await get(`${inbox(a.id)}?limit=1`, token)).body
      const second = (await get(`${inbox(a.id)}?limit=1&after=${first.next}`, token)).body
      const items = [...first.items, ...second.items]
      assert.deepEqual(
        items.map((item) => item.id),
        alerts.map((alert) => alert.id),
      )
      assert.ok(items[0].position < items[1].position)
      const { position: _, ...rest } = items[1]
      const none = { delivered_at: null, read_at: null, acknowledged_at: null }
      const { id } = alerts[1]!
      assert.deepEqual(rest, { id, text: 'fire', severity: 'warning', created_at: clock.now().toISOString(), ...none })
      assert.equal(second.next, null)
    }
    assert.equal(await api.db('alert_receipts').first(), undefined, 'to look is not to receive')
  })

  it('marks an alert read and acknowledged at once, and takes repeats', async () => {
    const alert = await kit.anAlert({ objectIds: [a.id] })
    await kit.relay()
    const item = `${inbox(a.id)}/${alert.id}`
    const read = await put(`${item}/read`, a.token)
    assert.equal(read.status, 200)
    assert.equal(read.body.delivered_at, read.body.read_at)
    assert.equal(read.body.acknowledged_at, null)
    assert.deepEqual((await put(`${item}/read`, dora)).body, read.body)
    const acknowledged = await put(`${item}/acknowledged`, dora)
    assert.deepEqual({ ...acknowledged.body, acknowledged_at: null }, read.body)
    assert.ok(acknowledged.body.acknowledged_at)
    assert.deepEqual((await put(`${item}/read`, a.token)).body, acknowledged.body)
    assert.deepEqual(await kit.counts(alert), [1, 1, 1, 1])
    const events = (await api.events()).filter((event) => event.scope === `object:${a.id}`)
    assert.deepEqual(
      events.map((event) => event.event),
      ['alert.receipt_advanced', 'alert.receipt_advanced'],
    )
  })

  it('is closed to others', async () => {
    const alert = await kit.anAlert({ objectIds: [a.id, b.id] })
    const member = await api.as('member')
    const read = `${inbox(a.id)}/${alert.id}/read`
    expectProblem(await get(inbox(a.id)), 401)
    expectProblem(await put(read), 401)
    expectProblem(await get(inbox(a.id), 'bx_unknown'), 401)
    for (const token of [b.token, member]) {
      expectProblem(await get(inbox(a.id), token), 403)
      expectProblem(await put(read, token), 403)
    }
    expectProblem(await get(inbox(1_999_999_999), b.token), 403)
    assert.deepEqual(await kit.counts(alert), [2, 0, 0, 0])
  })

  it('does not exist for an unknown object, nor has it what it was not sent', async () => {
    const others = await kit.anAlert({ objectIds: [b.id] })
    for (const id of [1_999_999_999, 2_147_483_648, 'x']) {
      expectProblem(await get(inbox(id), dora), 404)
      expectProblem(await put(`${inbox(id)}/${others.id}/read`, dora), 404)
    }
    for (const id of [others.id, 1_999_999_999, 2_147_483_648, 'x'])
      expectProblem(await put(`${inbox(a.id)}/${id}/acknowledged`, a.token), 404)
  })

  it('refuses bad pages', async () => {
    for (const query of ['limit=0', 'limit=201', 'after=x'])
      expectProblem(await get(`${inbox(a.id)}?${query}`, dora), 422)
  })
})
