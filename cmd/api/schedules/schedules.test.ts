import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/schedules'
const daily = { cron: '0 9 * * *', time_zone: 'Europe/Berlin' }
const alert = { text: 'tea', alert_all: true }
const whole = { text: 'tea', severity: 'info', alert_all: true, object_ids: [] }

describe('schedules', () => {
  let api: TestApi
  let dora: Caller
  let bob: Caller
  let topic: number
  beforeEach(async () => {
    api = await startTestApi()
    ;[dora, bob] = [
      await api.anAccount({ username: 'dora', role: 'dispatcher' }),
      await api.anAccount({ username: 'bob' }),
    ]
    topic = (await api.request('POST', '/api/v1/topics', { token: bob, body: { name: 'ops' } })).body.id
  })
  afterEach(() => api.stop())

  const create = (body: object, token = dora) => api.request('POST', path, { token, body })
  const patch = (id: number, body: object, token = dora) => api.request('PATCH', `${path}/${id}`, { token, body })
  const get = (id: number | string, token = dora) => api.request('GET', `${path}/${id}`, { token })
  const remove = (id: number, token = dora) => api.request('DELETE', `${path}/${id}`, { token })
  const inAnHour = () => new Date(api.clock.now().getTime() + 3600_000).toISOString()
  const message = () => ({ conversation_id: topic, body: 'hello :tada:' })
  const refused = (answer: Awaited<ReturnType<typeof create>>): string[] => {
    expectProblem(answer, 422, 'invalid_fields')
    return answer.body.errors.map(({ path }: { path: string }) => path)
  }

  it('of an alert are made by dispatchers', async () => {
    const { status, body } = await create({ ...daily, alert, name: 'Tea' })
    assert.equal(status, 201)
    const { id, next_at, created_at, alert: scheduled, ...rest } = body
    assert.deepEqual(rest, {
      owner: 'dora',
      name: 'Tea',
      at: null,
      ...daily,
      message: null,
      paused: false,
      last_fired_at: null,
      last_error: null,
    })
    assert.partialDeepStrictEqual(scheduled, whole)
    const hour = new Intl.DateTimeFormat('en', { timeZone: daily.time_zone, timeStyle: 'short', hourCycle: 'h23' })
    assert.equal(hour.format(new Date(next_at)), '09:00')
    assert.ok(Date.parse(next_at) > Date.parse(created_at))
    assert.deepEqual((await get(id)).body, body)
    expectProblem(await create({ ...daily, alert }, bob), 403, 'forbidden')
  })

  it('of a message are made by members of its conversation', async () => {
    const at = inAnHour()
    const { status, body } = await create({ at, message: message() }, bob)
    assert.equal(status, 201)
    assert.deepEqual([body.at, body.next_at, body.alert], [at, at, null])
    assert.deepEqual(body.message, { conversation_id: topic, body: 'hello 🎉' })
    expectProblem(await create({ at, message: message() }), 403, 'forbidden')
    await api.db('conversations').update({ visibility: 'private' })
    expectProblem(await create({ at, message: message() }), 404, 'conversation_not_found')
    expectProblem(
      await create({ at, message: { conversation_id: 999, body: 'x' } }, bob),
      404,
      'conversation_not_found',
    )
  })

  it('take a time or an expression, and an alert or a message', async () => {
    const at = inAnHour()
    assert.deepEqual(refused(await create({ alert })), ['at'])
    assert.deepEqual(refused(await create({ at, ...daily, alert })), ['at'])
    assert.deepEqual(refused(await create({ cron: daily.cron, alert })), ['time_zone'])
    assert.deepEqual(refused(await create({ at })), ['alert'])
    assert.deepEqual(refused(await create({ at, alert, message: message() })), ['message'])
    assert.deepEqual(refused(await create({ at: '2020-01-01T00:00:00Z', alert })), ['at'])
    assert.deepEqual(refused(await create({ at: 'tomorrow', alert })), ['at'])
    assert.deepEqual(refused(await create({ at: '9999-12-31T23:59:59-01:00', alert })), ['at'])
    assert.deepEqual(refused(await create({ ...daily, cron: '* * * * * *', alert })), ['cron'])
    assert.deepEqual(refused(await create({ ...daily, time_zone: 'Mars/Base', alert })), ['time_zone'])
    assert.deepEqual(refused(await create({ at, alert: { text: 'x' } })), ['alert.object_ids'])
    assert.deepEqual(refused(await create({ at, alert: { ...alert, acknowledge_by: at } })), ['alert.acknowledge_by'])
    assert.deepEqual(refused(await create({ at, alert: { ...alert, acknowledge_within_minutes: 0 } })), [
      'alert.acknowledge_within_minutes',
    ])
    assert.deepEqual(refused(await create({ at, alert: { ...alert, escalate_to: [1] } })), ['alert.escalate_to'])
    assert.deepEqual(refused(await create({ at, alert: { ...alert, channels: ['sms'] } })), ['alert.channels'])
    assert.deepEqual(refused(await create({ at, message: { ...message(), body: '  ' } }, bob)), ['message.body'])
    assert.deepEqual(refused(await create({ at, alert, name: '' })), ['name'])
    assert.deepEqual(refused(await create({ at, alert, paused: true })), ['paused'])
  })

  it('are made once for an Idempotency-Key', async () => {
    const send = () =>
      api.request('POST', path, { token: dora, body: { ...daily, alert }, headers: { 'idempotency-key': 'once' } })
    const [first, second] = [await send(), await send()]
    assert.deepEqual([second.status, second.body], [201, first.body])
  })

  it('are five hundred for one account, at most', async () => {
    await api.db.raw(
      `insert into schedules (owner_id, kind, content, at, created_at) select ?, 'alert', '{}', now(), now() from generate_series(1, 499)`,
      [dora.id],
    )
    const answers = await Promise.all([1, 2, 3].map(() => create({ ...daily, alert })))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409])
    expectProblem(await create({ ...daily, alert }), 409, 'too_many_schedules')
  })

  it('are seen and changed by their owner, those of alerts by dispatchers, all by admins', async () => {
    const own = (await create({ ...daily, message: message() }, bob)).body.id
    const alarm = (await create({ ...daily, alert })).body.id
    const [other, admin, stranger] = [await api.as('dispatcher'), await api.as('admin'), await api.as('member')]
    const sees = async (token: Caller) =>
      (await api.request('GET', path, { token })).body.items.map(({ id }: { id: number }) => id)
    assert.deepEqual(await sees(bob), [own])
    assert.deepEqual(await sees(dora), [alarm])
    assert.deepEqual(await sees(other), [alarm])
    assert.deepEqual(await sees(admin), [alarm, own])
    assert.deepEqual(await sees(stranger), [])
    for (const [id, token] of [
      [own, dora],
      [own, stranger],
      [alarm, bob],
    ] as const) {
      expectProblem(await get(id, token), 404, 'schedule_not_found')
      expectProblem(await patch(id, { paused: true }, token), 404, 'schedule_not_found')
      expectProblem(await remove(id, token), 404, 'schedule_not_found')
    }
    assert.equal((await patch(alarm, { paused: true }, other)).status, 200)
    assert.equal((await patch(own, { paused: true }, admin)).status, 200)
    expectProblem(await patch(own, { message: message() }, admin), 403, 'forbidden')
    assert.equal((await remove(own, admin)).status, 204)
    assert.equal((await remove(alarm, other)).status, 204)
    expectProblem(await get(alarm), 404, 'schedule_not_found')
    for (const id of ['0', 'x', '99999999999999999']) expectProblem(await get(id), 404)
  })

  it('are listed newest first, page by page', async () => {
    const ids = []
    for (let i = 0; i < 3; i++) ids.unshift((await create({ ...daily, alert })).body.id)
    const page = (query: string) => api.request('GET', `${path}?${query}`, { token: dora })
    const first = (await page('limit=2')).body
    const second = (await page(`limit=2&after=${first.next}`)).body
    assert.deepEqual(
      [...first.items, ...second.items].map(({ id }: { id: number }) => id),
      ids,
    )
    assert.equal(second.next, null)
    expectProblem(await page('after=x'), 422)
  })

  it('are paused, and go on with the times to come', async () => {
    const { id } = (await create({ cron: '0 * * * *', time_zone: 'UTC', alert })).body
    const paused = (await patch(id, { paused: true })).body
    assert.deepEqual([paused.paused, paused.next_at], [true, null])
    api.clock.advance(48 * 3600_000)
    const { next_at } = (await patch(id, { paused: false })).body
    const ahead = Date.parse(next_at) - api.clock.now().getTime()
    assert.ok(ahead > 0 && ahead <= 3600_000)
  })

  it('for once that passed while paused want a new time', async () => {
    const { id } = (await create({ at: inAnHour(), alert })).body
    await patch(id, { paused: true })
    api.clock.advance(2 * 3600_000)
    assert.deepEqual(refused(await patch(id, { paused: false })), ['at'])
    const at = inAnHour()
    assert.equal((await patch(id, { paused: false, at })).body.next_at, at)
  })

  it('change their time, their name and what they send', async () => {
    const { id, next_at } = (await create({ ...daily, alert, name: 'Tea' })).body
    const renamed = (await patch(id, { name: null })).body
    assert.deepEqual([renamed.name, renamed.next_at], [null, next_at])
    const at = inAnHour()
    const once = (await patch(id, { at })).body
    assert.deepEqual([once.at, once.cron, once.time_zone, once.next_at], [at, null, null, at])
    assert.deepEqual(refused(await patch(id, { time_zone: 'UTC' })), ['cron'])
    assert.deepEqual(refused(await patch(id, { cron: '0 8 * * *' })), ['time_zone'])
    const again = (await patch(id, { cron: '0 8 * * *', time_zone: 'UTC' })).body
    assert.deepEqual([again.at, again.next_at.slice(11)], [null, '08:00:00.000Z'])
    assert.equal((await patch(id, { time_zone: 'Etc/GMT-1' })).body.next_at.slice(11), '07:00:00.000Z')
    const other = (await patch(id, { alert: { ...alert, text: 'coffee', acknowledge_within_minutes: 5 } })).body
    assert.deepEqual([other.alert.text, other.alert.acknowledge_within_minutes], ['coffee', 5])
    assert.deepEqual((await patch(id, {})).body, other)
    assert.deepEqual(refused(await patch(id, { cron: 'x' })), ['cron'])
    assert.deepEqual(refused(await patch(id, { at: '2020-01-01T00:00:00Z' })), ['at'])
    assert.deepEqual(refused(await patch(id, { at, cron: '0 8 * * *' })), ['at'])
    assert.deepEqual((await get(id)).body, other)
  })

  it("do not change from alerts to messages, or to a conversation that is not the owner's", async () => {
    const { id } = (await create({ ...daily, alert })).body
    assert.deepEqual(refused(await patch(id, { message: message() })), ['message'])
    const own = (await create({ ...daily, message: message() }, bob)).body.id
    expectProblem(
      await patch(own, { message: { conversation_id: 999, body: 'x' } }, bob),
      404,
      'conversation_not_found',
    )
    assert.equal((await patch(own, { message: { ...message(), body: 'bye' } }, bob)).body.message.body, 'bye')
  })

  it('of alerts are changed by whoever is a dispatcher still', async () => {
    const { id } = (await create({ ...daily, alert })).body
    await api.db('accounts').where({ id: dora.id }).update({ role: 'member' })
    expectProblem(await patch(id, { alert }), 403, 'forbidden')
    assert.equal((await patch(id, { paused: true })).status, 200)
  })

  it('of messages want an API key with the scope of messages', async () => {
    const body = { name: 'k', scopes: ['alerts'] }
    const { key } = (await api.request('POST', '/api/v1/api-keys', { token: bob, body })).body
    const send = () => api.request('POST', path, { token: key, body: { at: inAnHour(), message: message() } })
    expectProblem(await send(), 403, 'scope_missing')
    await api.db('api_keys').update({ scopes: ['alerts', 'messages'] })
    assert.equal((await send()).status, 201)
  })

  it('need credentials', async () => {
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expectProblem(await api.request(method, `${path}/1`, method === 'PATCH' ? { body: {} } : {}), 401)
    expectProblem(await api.request('GET', path), 401)
    expectProblem(await api.request('POST', path, { body: {} }), 401)
  })
})
