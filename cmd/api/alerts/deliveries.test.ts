import assert from 'node:assert/strict'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { spreadNext } from '#internal/alerts/spread'
import { enqueueDeliveries } from '#internal/deliveries/store'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/alerts'

describe('alerts beyond the inbox', () => {
  let api: TestApi
  let dora: Caller
  let kit: ReturnType<typeof alertsTestKit>
  before(async () => {
    api = await startTestApi({
      SMTP_URL: 'smtp://127.0.0.1',
      MAIL_FROM: 'a@b.org',
      SMS_PROVIDER: 'twilio',
      SMS_URL: 'http://127.0.0.1',
    })
    dora = await api.as('dispatcher')
    kit = alertsTestKit(api.db, new TestClock())
  })
  after(() => api.stop())

  const raise = (body: object) => api.request('POST', path, { token: dora, body: { text: 'fire', ...body } })
  const resend = (id: number | string, body: unknown = { to: 'missing' }, headers = {}) =>
    api.request('POST', `${path}/${id}/resend`, { token: dora, body, headers })
  const get = (target: string) => api.request('GET', target, { token: dora })
  const spread = async () => {
    while ((await spreadNext(api.db, enqueueDeliveries, api.clock)) !== 'none');
  }
  const refused = async (body: object): Promise<{ path: string; message: string }[]> => {
    const answer = await raise(body)
    expectProblem(answer, 422, 'invalid_fields')
    return answer.body.errors
  }

  it('name their channels, of which the inbox is always one', async () => {
    const { status, body } = await raise({ alert_all: true, channels: ['email', 'email'] })
    assert.deepEqual([status, body.channels], [201, ['inbox', 'email']])
    assert.deepEqual((await get(`${path}/${body.id}`)).body, body)
    const event = (await api.events()).findLast(({ scope }) => scope === 'alerts')
    assert.deepEqual(event?.data, body)
    assert.deepEqual((await raise({ alert_all: true, channels: [] })).body.channels, ['inbox'])
  })

  it('need channels that exist and are configured', async () => {
    assert.deepEqual(
      (await refused({ alert_all: true, channels: ['pigeon'] })).map((e) => e.path),
      ['channels.0'],
    )
    const [webhook] = await refused({ alert_all: true, channels: ['email', 'webhook'] })
    assert.equal(webhook?.path, 'channels')
    assert.match(webhook!.message, /BELFRY_WEBHOOK_URL and BELFRY_WEBHOOK_SECRET/)
    const [sms] = await refused({ alert_all: true, channels: ['sms'] })
    assert.match(sms!.message, /BELFRY_SMS_FROM and BELFRY_SMS_ACCOUNT and BELFRY_SMS_TOKEN/)
  })

  it('escalate to objects, and only with a deadline', async () => {
    const paths = async (body: object) => (await refused({ alert_all: true, ...body })).map((error) => error.path)
    assert.deepEqual(await paths({ escalate_to: [1] }), ['escalate_to'])
    const acknowledge_by = new Date(Date.now() + 60_000).toISOString()
    assert.deepEqual(await paths({ escalate_to: [], acknowledge_by }), ['escalate_to'])
    assert.deepEqual(await paths({ escalate_to: ['a'], acknowledge_by }), ['escalate_to.0'])
    const { status, body } = await raise({ alert_all: true, escalate_to: [1, 2 ** 50], acknowledge_by })
    assert.deepEqual([status, body.acknowledge_by, body.escalates], [201, acknowledge_by, null])
    const [deadline] = await api.db('alert_deadlines').where({ alert_id: body.id })
    assert.deepEqual([deadline.at.toISOString(), deadline.escalate_to], [acknowledge_by, [1]])
  })

  it('are sent again, once for an Idempotency-Key', async () => {
    const { id } = (await raise({ alert_all: true })).body
    const first = await resend(id, { to: 'all' }, { 'idempotency-key': 'resend' })
    const again = await resend(id, { to: 'all' }, { 'idempotency-key': 'resend' })
    assert.equal(first.status, 202)
    const { created_at, ...rest } = first.body
    assert.deepEqual(rest, { alert_id: id, round: 1, to: 'all' })
    assert.ok(Math.abs(Date.parse(created_at) - Date.now()) < 60_000)
    assert.deepEqual(again.body, first.body)
    assert.equal((await resend(id)).body.round, 2)
    const rounds = await Promise.all([resend(id), resend(id), resend(id)])
    assert.deepEqual(rounds.map(({ body }) => body.round).toSorted(), [3, 4, 5])
  })

  it('are sent again to the missing or to all, and that alone', async () => {
    const { id } = (await raise({ alert_all: true })).body
    for (const body of [{}, { to: 'some' }, { to: 'all', x: 1 }]) expectProblem(await resend(id, body), 422)
    for (const unknown of [0, 1_999_999_999, 2 ** 40, 'x']) expectProblem(await resend(unknown), 404)
  })

  it('show what became of them, page by page, with counts', async () => {
    const ids = [await kit.anObject('a@x.org'), await kit.anObject('b@x.org'), await kit.anObject('c@x.org')]
    const { id } = (await raise({ object_ids: ids, channels: ['email'] })).body
    const list = `${path}/${id}/deliveries`
    assert.deepEqual((await get(list)).body, {
      counts: [{ channel: 'email', pending: 0, sending: 0, sent: 0, failed: 0, dead: 0 }],
      complete: false,
      items: [],
      next: null,
    })
    await resend(id, { to: 'all' })
    await spread()
    const sent_at = new Date('2026-01-01T00:00:00Z')
    await api.db('deliveries').where({ object_id: ids[0] }).update({ state: 'sent', sent_at, due_at: null })
    await api.db('deliveries').where({ object_id: ids[1], round: 1 }).update({ state: 'sending' })
    const { counts, complete } = (await get(list)).body
    assert.deepEqual(counts, [{ channel: 'email', pending: 3, sending: 1, sent: 2, failed: 0, dead: 0 }])
    assert.equal(complete, true)
    const seen: unknown[] = []
    for (let next: string | null = `${list}?limit=4`; next; ) {
      const { body, headers } = await get(next)
      seen.push(...body.items.map((item: { object_id: number; round: number }) => [item.object_id, item.round]))
      next = body.next && (/<(.*)>/.exec(headers.get('link') ?? '')?.[1] ?? null)
    }
    assert.deepEqual(
      seen,
      ids.flatMap((each) => [
        [each, 0],
        [each, 1],
      ]),
    )
    const [item] = (await get(`${list}?channel=email&state=sent`)).body.items
    assert.deepEqual(item, {
      object_id: ids[0],
      channel: 'email',
      round: 0,
      to: 'a@x.org',
      state: 'sent',
      attempts: 0,
      next_attempt_at: null,
      sent_at: sent_at.toISOString(),
      error: null,
    })
    const [sending] = (await get(`${list}?state=sending`)).body.items
    assert.deepEqual([sending.object_id, sending.next_attempt_at], [ids[1], null])
    assert.deepEqual((await get(`${list}?channel=sms`)).body.items, [])
    for (const query of ['channel=inbox', 'state=lost', 'after=x', 'limit=0'])
      expectProblem(await get(`${list}?${query}`), 422)
    expectProblem(await get(`${path}/1999999999/deliveries`), 404, 'alert_not_found')
  })

  it('are for dispatchers only', async () => {
    const { id } = (await raise({ alert_all: true })).body
    const member = await api.as('member')
    for (const [method, target, body] of [
      ['GET', `${path}/${id}/deliveries`],
      ['POST', `${path}/${id}/resend`, { to: 'all' }],
    ] as const) {
      expectProblem(await api.request(method, target, { body }), 401)
      expectProblem(await api.request(method, target, { body, token: member }), 403)
    }
  })
})
