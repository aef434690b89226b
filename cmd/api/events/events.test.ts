import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { createPool, prepared } from '#internal/db/pool'
import { relayBatch } from '#internal/log/relay-sql'
import { waitFor } from '#internal/testing/wait-for'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

interface Event {
  position: number
  scope: string
  event: string
  data: Record<string, unknown>
}

describe('events as pages', () => {
  let api: TestApi
  let olga: Caller
  let anna: Caller
  beforeEach(async () => {
    api = await startTestApi()
    olga = await api.anAccount({ username: 'olga' })
    anna = await api.anAccount({ username: 'anna' })
  })
  afterEach(() => api.stop())

  const relay = () => prepared(api.db, relayBatch, [1000])
  const get = (query: string, token: Caller | undefined = anna) =>
    api.request('GET', `/api/v1/events?${query}`, token ? { token } : {})
  const topic = async (visibility = 'public') => {
    const body = { name: 'a topic', visibility }
    return (await api.request('POST', '/api/v1/topics', { token: olga, body })).body.id as number
  }
  const post = (id: number, body: string, token = olga) =>
    api.request('POST', `/api/v1/conversations/${id}/messages`, { token, body: { body } })
  const join = (id: number) => api.request('PUT', `/api/v1/topics/${id}/members/me`, { token: anna })
  const leave = (id: number) => api.request('DELETE', `/api/v1/topics/${id}/members/me`, { token: anna })
  /** All pages from a position on: names of events, and the bodies of messages. */
  async function all(after: number, limit: number, token = anna): Promise<string[]> {
    const found: Event[] = []
    for (let next = after; ; ) {
      const { body } = await get(`limit=${limit}&after=${next}`, token)
      found.push(...body.items)
      if (body.next === next) break
      next = body.next
    }
    assert.ok(found.every(({ position }, i) => i === 0 || position > found[i - 1]!.position))
    return found.map(({ event, data }) => (event === 'message.posted' ? String(data.body) : event))
  }

  it('begin now, and go on from where the page before ended', async () => {
    await topic()
    await relay()
    const first = (await get('')).body
    assert.deepEqual(first.items, [])
    assert.deepEqual((await get(`after=${first.next}`)).body, first)
    const id = await topic()
    await relay()
    const { items, next } = (await get(`after=${first.next}`)).body
    assert.deepEqual(
      items.map(({ scope, event, data }: Event) => [scope, event, data.id]),
      [['topics', 'topic.created', id]],
    )
    assert.equal(next, (await api.db('log_head').first()).position)
  })

  it('follow memberships as the stream does, whatever the size of a page', async () => {
    const [id, other] = [await topic(), await topic('private')]
    await post(id, 'before')
    await post(other, 'hidden')
    await join(id)
    await post(id, 'inside')
    await leave(id)
    await post(id, 'between')
    await join(id)
    await post(id, 'again')
    await relay()
    const seen = ['topic.created', 'conversation.joined', 'inside', 'conversation.left', 'conversation.joined', 'again']
    for (const limit of [1, 2, 3, 50]) assert.deepEqual(await all(0, limit), seen)
    await leave(id)
    await post(id, 'after')
    assert.deepEqual(await all(0, 50), ['topic.created', 'conversation.left'])
    await relay()
    assert.deepEqual(await all(0, 50), ['topic.created', 'conversation.left', 'conversation.left'])
  })

  it('link to the next page of a full one', async () => {
    await topic()
    await topic()
    await relay()
    const { headers, body } = await get('limit=1&after=0')
    assert.equal(headers.get('link'), `</api/v1/events?limit=1&after=${body.next}>; rel="next"`)
    assert.equal((await get('limit=50&after=0')).headers.get('link'), null)
  })

  it('show alerts to dispatchers only', async () => {
    const dora = await api.as('dispatcher')
    await api.request('POST', '/api/v1/alerts', { token: dora, body: { text: 'fire', alert_all: true } })
    await relay()
    assert.deepEqual(await all(0, 50, dora), ['alert.raised'])
    assert.deepEqual(await all(0, 50), [])
  })

  it('are waited for', async () => {
    const id = await topic()
    await join(id)
    await relay()
    const { next } = (await get('')).body
    const started = Date.now()
    const waiting = get(`after=${next}&wait=20`)
    await delay(250)
    await post(await topic('private'), 'not for anna')
    await relay()
    await delay(250)
    await post(id, 'for anna')
    await relay()
    const { body } = await waiting
    assert.deepEqual(
      body.items.map(({ data }: Event) => data.body),
      ['for anna'],
    )
    assert.ok(Date.now() - started < 15_000)
    const early = await get(`after=${next}&wait=20`)
    assert.deepEqual(early.body, body)
  })

  it('of a conversation that one joins meanwhile are waited for as well', async () => {
    const id = await topic()
    await relay()
    const { next } = (await get('')).body
    const waiting = get(`after=${next}&wait=20`)
    await delay(150)
    await join(id)
    await post(id, 'welcome')
    await relay()
    const { body } = await waiting
    assert.equal(body.items[0].event, 'conversation.joined')
    assert.deepEqual(await all(next, 50), ['conversation.joined', 'welcome'])
  })

  it('that do not come are answered with an empty page in time', async () => {
    const started = performance.now()
    const { body } = await get('wait=0.3')
    assert.deepEqual(body.items, [])
    assert.ok(performance.now() - started >= 290)
  })

  it('are not waited for when the process stops', async () => {
    const waiting = get('wait=25')
    await delay(200)
    api.stopWaiting()
    assert.deepEqual((await waiting).body.items, [])
    assert.deepEqual((await get('wait=25')).body.items, [])
  })

  it('are looked for only while somebody waits', async () => {
    const { connectionString } = api.db.client.config.connection
    const other = createPool({ url: connectionString, max: 1, name: 'watching' })
    const statements = async () => {
      const { rows } = await other.raw(
        `select count(*) as n from pg_stat_activity
         where datname = current_database() and state_change > now() - interval '300 ms' and pid <> pg_backend_pid()`,
      )
      return rows[0].n as number
    }
    const gone = new AbortController()
    const request = fetch(`${api.url}/api/v1/events?wait=30`, {
      headers: { authorization: `Bearer ${anna.token}` },
      signal: gone.signal,
    })
    await delay(300)
    assert.ok((await statements()) > 0)
    gone.abort()
    await assert.rejects(request)
    await waitFor(
      async () => {
        await delay(400)
        return (await statements()) === 0
      },
      { what: 'the looking to end' },
    )
    await other.destroy()
  })

  it('are refused with the reason where there would be a hole', async () => {
    for (let n = 0; n < 3; n++) await topic()
    await relay()
    await api.db('events').where('position', '<=', 2).delete()
    expectProblem(await get('after=1'), 409, 'cursor_too_old')
    expectProblem(await get('after=999'), 409, 'cursor_ahead')
    expectProblem(await get(`after=${'9'.repeat(30)}`), 409, 'cursor_ahead')
    assert.equal((await get('after=2')).status, 200)
    assert.equal((await get('after=0')).status, 200)
  })

  it('need credentials and sensible numbers', async () => {
    expectProblem(await api.request('GET', '/api/v1/events'), 401)
    for (const query of [
      'after=-1',
      'after=x',
      'after=1.5',
      'after=',
      'wait=31',
      'wait=-1',
      'wait=x',
      'limit=0',
      'limit=201',
    ])
      expectProblem(await get(query), 422, 'invalid_fields')
  })
})
