import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/dead-letters'

describe('dead letters', () => {
  let api: TestApi
  let admin: Caller
  before(async () => {
    api = await startTestApi()
    admin = await api.as('admin')
  })
  beforeEach(() => api.db('dead_letters').delete())
  after(() => api.stop())

  async function aLetter(fields: { source?: string; payload?: object } = {}): Promise<number> {
    const { source = 'delivery:email', payload = { alert_id: 1, object_id: 2, channel: 'email', round: 0 } } = fields
    const letter = { source, payload: JSON.stringify(payload), error: '550 no such mailbox' }
    const [{ id }] = await api.db('dead_letters').insert(letter).returning('id')
    return id
  }
  const request = (method: string, target: string) => api.request(method, target, { token: admin })
  const items = async (query = '') => (await request('GET', path + query)).body.items

  it('show what was given up on, newest first, page by page', async () => {
    const ids = [await aLetter(), await aLetter(), await aLetter()].toReversed()
    const first = (await request('GET', `${path}?limit=2`)).body
    const { at, ...letter } = first.items[0]
    assert.deepEqual(letter, {
      id: ids[0],
      source: 'delivery:email',
      state: 'dead',
      error: '550 no such mailbox',
      replayed_at: null,
      reference: { alert_id: 1, object_id: 2, channel: 'email', round: 0 },
    })
    assert.ok(Date.parse(at) > 0)
    const second = (await request('GET', `${path}?limit=2&after=${first.next}`)).body
    assert.deepEqual(
      [...first.items, ...second.items].map((each) => each.id),
      ids,
    )
    assert.equal(second.next, null)
    for (const query of ['?state=lost', '?after=x', '?limit=0']) expectProblem(await request('GET', path + query), 422)
  })

  it('name an event, and keep what people wrote in it', async () => {
    const event = { position: 5, scope: 'conversation:1', event: 'message.posted', at: 'x', data: '{"body":"secret"}' }
    await aLetter({ source: 'a group', payload: { ...event, traceparent: null } })
    const { data: _, ...reference } = event
    assert.deepEqual((await items())[0].reference, reference)
  })

  it('are tried again once', async () => {
    const id = await aLetter()
    const answer = await request('POST', `${path}/${id}/replay`)
    assert.deepEqual([answer.status, answer.body.id, answer.body.state], [202, id, 'queued'])
    expectProblem(await request('POST', `${path}/${id}/replay`), 409, 'dead_letter_replayed')
    assert.deepEqual(await items(), [])
    assert.equal((await items('?state=queued'))[0].id, id)
    const other = await aLetter()
    const statuses = await Promise.all([1, 2, 3, 4].map(() => request('POST', `${path}/${other}/replay`)))
    assert.deepEqual(statuses.map(({ status }) => status).toSorted(), [202, 409, 409, 409])
  })

  it('are forgotten', async () => {
    const id = await aLetter()
    assert.equal((await request('DELETE', `${path}/${id}`)).status, 204)
    assert.deepEqual(await items(), [])
    expectProblem(await request('DELETE', `${path}/${id}`), 404, 'dead_letter_not_found')
    expectProblem(await request('POST', `${path}/${id}/replay`), 404, 'dead_letter_not_found')
    expectProblem(await request('POST', `${path}/x/replay`), 404)
    expectProblem(await request('DELETE', `${path}/0`), 404)
  })

  it('are for admins only', async () => {
    const id = await aLetter()
    const dispatcher = await api.as('dispatcher')
    for (const [method, target] of [
      ['GET', path],
      ['POST', `${path}/${id}/replay`],
      ['DELETE', `${path}/${id}`],
    ] as const) {
      expectProblem(await api.request(method, target), 401)
      expectProblem(await api.request(method, target, { token: dispatcher }), 403)
    }
  })
})
