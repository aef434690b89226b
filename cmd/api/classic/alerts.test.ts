import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('the endpoints of seed 004', () => {
  let api: TestApi
  let dora: Caller
  before(async () => {
    api = await startTestApi()
    dora = await api.as('dispatcher')
  })
  after(() => api.stop())

  const post = (path: string, body: unknown, token: Caller | undefined = dora) =>
    api.request('POST', path, token ? { body, token } : { body })

  it('create objects, with the phone numbers of the examples', async () => {
    for (const phone_number of ['212-555-1234', '718-555-1234']) {
      const answer = await post('/object', { email: 'bob@example.com', phone_number })
      assert.equal(answer.status, 200)
      const { id, ...rest } = answer.body
      assert.deepEqual(rest, { email: 'bob@example.com', phone_number })
      assert.equal(typeof id, 'number')
    }
  })

  it('raise alerts and count the valid ids only', async () => {
    const made = await post('/object', { email: 'bob@example.com', phone_number: '718-555-1234' })
    const object_ids = [made.body.id, 4_000_000, 9_999_999_999]
    const answer = await post('/alert', { text: 'alert, alert!', object_ids, alert_all: false })
    assert.equal(answer.status, 200)
    const { id, ...rest } = answer.body
    assert.deepEqual(rest, { text: 'alert, alert!', alert_all: false, number_of_objects_receiving_alert: 1 })
    const rows = await api.db('object_alerts').where({ alert_id: id })
    assert.deepEqual(rows, [{ alert_id: id, object_id: made.body.id }])
  })

  it('raise alerts to all, and to nobody', async () => {
    const { total } = await api.db('object_directory').first('total')
    const all = await post('/alert', { text: 'x', object_ids: [], alert_all: true })
    assert.equal(all.body.number_of_objects_receiving_alert, total)
    const none = await post('/alert', { text: 'x', object_ids: [], alert_all: false })
    assert.deepEqual([none.status, none.body.number_of_objects_receiving_alert], [200, 0])
  })

  it('refuse what is not valid, and whoever is no dispatcher', async () => {
    expectProblem(await post('/object', { email: 'bob', phone_number: '718-555-1234' }), 422)
    expectProblem(await post('/object', { email: 'bob@example.com', phone_number: '123' }), 422)
    expectProblem(await post('/alert', { object_ids: [1], alert_all: false }), 422)
    const member = await api.as('member')
    for (const path of ['/object', '/alert']) {
      expectProblem(await api.request('POST', path, { body: {} }), 401)
      expectProblem(await post(path, {}, member), 403)
    }
  })
})
