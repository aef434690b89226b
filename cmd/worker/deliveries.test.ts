import assert from 'node:assert/strict'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { removeObject } from '#internal/alerts/object-store'
import { resendAlert } from '#internal/alerts/resend'
import { countDeliveries } from '#internal/deliveries/list-store'
import type { DeliveryConfig } from '#internal/deliveries/start'
import { quickTimes, startTestHttp, startTestSmtp, type TestHttp, type TestSmtp } from '#internal/deliveries/testing'
import { replayDeadLetter } from '#internal/log/dead-letters'
import { systemClock } from '#internal/runtime/clock'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { startDeliveries } from './deliveries.ts'
import { startReplays } from './replays.ts'

describe('deliveries', () => {
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>
  let smtp: TestSmtp
  let http: TestHttp
  let running: { stop(): Promise<void> }[]
  const metrics = createMetrics('test')

  beforeEach(async () => {
    running = []
    database = await testDatabase()
    const clock = new TestClock()
    clock.now = systemClock.now
    kit = alertsTestKit(database.db, clock)
    smtp = await startTestSmtp()
    http = await startTestHttp()
  })
  afterEach(async () => {
    await Promise.all(running.map((part) => part.stop()))
    await Promise.all([smtp.stop(), http.stop()])
    await database.drop()
  })

  function worker(config: Partial<DeliveryConfig> = {}, times = {}) {
    const all = {
      DELIVERY_ATTEMPTS: 8,
      DELIVERY_CONCURRENCY: 4,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'alerts@belfry.example',
      SMS_PROVIDER: 'generic',
      SMS_URL: `${http.url}/sms`,
      WEBHOOK_URL: `${http.url}/hook`,
      WEBHOOK_SECRET: 'a text of my own',
      ...config,
    } as const
    const parts = { db: database.db, logger: silentLog, metrics }
    running.push(startDeliveries(parts, all, systemClock, { ...quickTimes, ...times }))
    running.push(startReplays(parts, async () => undefined, systemClock))
  }

  const objects = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => kit.anObject(`o${i}@x.org`)))
  const states = async (alertId: number) => {
    const { byChannel, complete } = await countDeliveries(database.db, alertId)
    const shown = [...byChannel].flatMap(([channel, counts]) =>
      Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${channel} ${state} ${count}`] : [])),
    )
    return complete ? shown.toSorted() : ['incomplete']
  }
  const until = async (alertId: number, ...expected: string[]) => {
    let last: string[] = []
    const reached = async () => {
      last = await states(alertId)
      return last.join() === expected.toSorted().join()
    }
    await waitFor(reached, { what: expected.join() }).catch((error) => {
      throw new Error(`${error.message}; it is ${last.join()}`)
    })
  }
  const posts = (path: string) =>
    http.accepted.filter((post) => post.path === path).map((post) => JSON.parse(post.body))

  it('go to every object by every channel, once, whatever the number of workers', async () => {
    for (let i = 0; i < 3; i++) worker()
    const ids = await objects(25)
    await removeObject(database.db, ids.pop()!, systemClock)
    const alert = await kit.anAlert({ alertAll: true, severity: 'critical', channels: ['email', 'sms', 'webhook'] })
    await until(alert.id, 'email sent 24', 'sms sent 24', 'webhook sent 24')
    const all = ids.toSorted((a, b) => a - b)
    const ascending = (numbers: number[]) => numbers.toSorted((a, b) => a - b)
    assert.deepEqual(ascending(posts('/sms').map((post) => post.object_id)), all)
    assert.deepEqual(ascending(posts('/hook').map((post) => post.data.object.id)), all)
    assert.deepEqual(new Set(smtp.mails.map((mail) => mail.to)).size, 24)
    assert.equal(smtp.mails.length, 24)
  })

  it('are none for an alert to the inbox alone', async () => {
    worker()
    const alert = await kit.anAlert({ alertAll: true })
    assert.deepEqual(await states(alert.id), [])
    assert.deepEqual(alert.channels, ['inbox'])
    assert.deepEqual(await database.db('delivery_rounds'), [])
  })

  it('that are put off are tried again until they are taken, with the same id', async () => {
    worker()
    smtp.mood = 451
    http.mood = 503
    const alert = await kit.anAlert({ objectIds: await objects(2), channels: ['email', 'webhook'] })
    await waitFor(() => smtp.attempts >= 4 && http.posts.length >= 4, { what: 'second attempts' })
    smtp.mood = 'accept'
    http.mood = 'accept'
    await until(alert.id, 'email sent 2', 'webhook sent 2')
    const ids = http.posts.map((post) => post.headers['webhook-id'])
    assert.equal(new Set(ids).size, 2)
    assert.deepEqual(
      http.posts.map((post) => post.headers['idempotency-key']),
      ids,
    )
    assert.deepEqual(await database.db('dead_letters'), [])
  })

  it('that are refused for good are dead at once, and a dead letter brings them back, once', async () => {
    worker()
    smtp.mood = 550
    const alert = await kit.anAlert({ objectIds: await objects(1), channels: ['email'] })
    await until(alert.id, 'email dead 1')
    assert.equal(smtp.attempts, 1)
    const [letter] = await database.db('dead_letters')
    assert.equal(letter.source, 'delivery:email')
    assert.match(letter.error, /550/)
    assert.doesNotMatch(letter.error, /x\.org/)
    const [delivery] = await database.db('deliveries')
    assert.deepEqual(JSON.parse(letter.payload), {
      alert_id: alert.id,
      object_id: delivery.object_id,
      round: 0,
      channel: 'email',
    })
    smtp.mood = 'accept'
    await replayDeadLetter(database.db, letter.id)
    await assert.rejects(replayDeadLetter(database.db, letter.id), { code: 'dead_letter_replayed' })
    await until(alert.id, 'email sent 1')
    assert.equal(smtp.mails.length, 1)
    await assert.rejects(replayDeadLetter(database.db, letter.id), { code: 'dead_letter_replayed' })
  })

  it('die after enough attempts', async () => {
    worker({ DELIVERY_ATTEMPTS: 3 })
    http.mood = 'drop'
    const alert = await kit.anAlert({ objectIds: await objects(1), channels: ['sms'] })
    await until(alert.id, 'sms dead 1')
    assert.equal(http.posts.length, 3)
    const [letter] = await database.db('dead_letters')
    assert.match(letter.error, /after 3 attempts/)
  })

  it('by one channel are not held up by another one that stalls', async () => {
    worker({}, { attemptTimeoutMs: 60_000 })
    http.mood = 'stall'
    const alert = await kit.anAlert({ objectIds: await objects(10), channels: ['email', 'sms'] })
    await until(alert.id, 'email sent 10', 'sms pending 6', 'sms sending 4')
  })

  it('that get no answer are given up in time, and come through when the provider recovers', async () => {
    worker({}, { attemptTimeoutMs: 50 })
    http.mood = 'stall'
    const alert = await kit.anAlert({ objectIds: await objects(6), channels: ['webhook'] })
    await waitFor(() => http.posts.length >= 8, { what: 'attempts that time out' })
    http.mood = 'accept'
    await until(alert.id, 'webhook sent 6')
  })

  it('leave a provider alone that asks for it, and lose no attempt by that', async () => {
    worker({ DELIVERY_ATTEMPTS: 2, DELIVERY_CONCURRENCY: 1 })
    http.mood = 429
    http.headers = { 'retry-after': '1' }
    const started = performance.now()
    const alert = await kit.anAlert({ objectIds: await objects(5), channels: ['sms'] })
    await waitFor(() => http.posts.length === 3, { what: 'three answers', timeoutMs: 5000 })
    assert.ok(performance.now() - started >= 1900)
    http.mood = 'accept'
    await until(alert.id, 'sms sent 5')
  })

  it('of an urgent alert overtake those of others', async () => {
    const ids = await objects(30)
    const info = await kit.anAlert({ objectIds: ids, channels: ['sms'] })
    http.mood = 'stall'
    worker({ DELIVERY_CONCURRENCY: 1 }, { attemptTimeoutMs: 300 })
    await until(info.id, 'sms pending 29', 'sms sending 1')
    const critical = await kit.anAlert({ objectIds: ids.slice(0, 2), channels: ['sms'], severity: 'critical' })
    const spread = () => database.db('deliveries').where({ alert_id: critical.id })
    await waitFor(async () => (await spread()).length === 2, { what: 'the urgent ones' })
    http.mood = 'accept'
    await until(critical.id, 'sms sent 2')
    const order = posts('/sms').map((post) => post.alert_id)
    assert.ok(order.lastIndexOf(critical.id) <= 3, order.join())
  })

  it('go out again with a resend, to all or to the missing', async () => {
    worker()
    const ids = await objects(3)
    const alert = await kit.anAlert({ objectIds: ids, channels: ['webhook'] })
    await until(alert.id, 'webhook sent 3')
    await kit.apply(kit.mark('read', ids[0]!, alert.id))
    assert.equal((await resendAlert(database.db, alert, 'missing', systemClock)).round, 1)
    await until(alert.id, 'webhook sent 5')
    assert.equal((await resendAlert(database.db, alert, 'all', systemClock)).round, 2)
    await until(alert.id, 'webhook sent 8')
    assert.equal(new Set(http.posts.map((post) => post.headers['webhook-id'])).size, 8)
  })

  it('that are under way when the worker stops may end, and are broken off after a while', async () => {
    worker({ DELIVERY_CONCURRENCY: 2 }, { attemptTimeoutMs: 60_000 })
    http.mood = 'stall'
    const alert = await kit.anAlert({ objectIds: await objects(3), channels: ['sms', 'email'] })
    await until(alert.id, 'email sent 3', 'sms sending 2', 'sms pending 1')
    await Promise.all(running.map((part) => part.stop()))
    assert.deepEqual(await states(alert.id), ['email sent 3', 'sms failed 2', 'sms pending 1'])
  })

  it('whose object is removed in the meantime are not made', async () => {
    worker()
    http.mood = 503
    const [id] = await objects(1)
    const alert = await kit.anAlert({ objectIds: [id!], channels: ['sms'] })
    await waitFor(() => http.posts.length > 0, { what: 'an attempt' })
    await removeObject(database.db, id!, systemClock)
    await until(alert.id, 'sms dead 1')
    assert.deepEqual(await database.db('dead_letters'), [])
  })

  it('that a dead worker left are taken after the lease, and die when it was their last attempt', async () => {
    const alert = await kit.anAlert({ objectIds: await objects(2), channels: ['sms'] })
    worker({ SMS_URL: undefined })
    await until(alert.id, 'sms pending 2')
    const ago = new Date(Date.now() - 1000)
    const [first, second] = await database.db('deliveries').pluck('object_id')
    const left = (object_id: number, attempts: number) =>
      database.db('deliveries').where({ object_id }).update({ state: 'sending', due_at: ago, attempts })
    await left(first, 1)
    await left(second, 8)
    worker()
    await until(alert.id, 'sms sent 1', 'sms dead 1')
    assert.equal(http.posts.length, 1)
  })
})
