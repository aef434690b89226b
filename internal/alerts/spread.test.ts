import assert from 'node:assert/strict'
import { claimDeliveries, enqueueDeliveries } from '#internal/deliveries/store'
import type { LogEvent } from '#internal/events/event'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Alert, Raise } from './alert.ts'
import { listInbox } from './inbox-store.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'
import { type Audience, resendAlert } from './resend.ts'
import { spreadNext } from './spread.ts'

describe('spreading an alert', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>
  beforeEach(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  afterEach(() => database.drop())

  const next = (size?: number) => spreadNext(database.db, enqueueDeliveries, clock, size)
  const spread = async (size?: number) => {
    while ((await next(size)) !== 'none');
  }
  const rows = (alert: Alert, where = {}) =>
    database
      .db('deliveries')
      .where({ alert_id: alert.id, ...where })
      .orderBy(['channel', 'object_id', 'round'])
  const byEmail = (raise: Partial<Raise>) => kit.anAlert({ channels: ['email'], ...raise })
  const resend = (alert: Alert, to: Audience) => resendAlert(database.db, alert, to, clock)
  const inboxes = (events: LogEvent[]) =>
    events.filter((event) => event.event === 'alert.raised' && event.scope !== 'alerts').map((event) => event.scope)

  it('makes a delivery for each object and channel, in chunks, by any number of workers', async () => {
    const last = await kit.manyObjects(250)
    const alert = await kit.anAlert({ alertAll: true, channels: ['email', 'sms', 'webhook'] })
    await kit.manyObjects(5)
    await Promise.all([spread(20), spread(30), spread(7)])
    const found = await rows(alert)
    assert.equal(found.length, 750)
    const email = found.filter(({ channel }) => channel === 'email').map(({ object_id }) => object_id)
    assert.deepEqual(
      email,
      Array.from({ length: 250 }, (_, i) => last + 1 + i),
    )
    assert.deepEqual(new Set(found.map(({ state, round }) => `${state} ${round}`)), new Set(['pending 0']))
    const [round] = await database.db('delivery_rounds')
    assert.ok(round.done_at)
  })

  it('goes on where a killed worker was, and makes nothing twice', async () => {
    await kit.manyObjects(30)
    const alert = await byEmail({ alertAll: true })
    await next(10)
    const dying = spreadNext(
      database.db,
      async (trx, part) => {
        await enqueueDeliveries(trx, part)
        throw new Error('killed')
      },
      clock,
      10,
    )
    await assert.rejects(dying, /killed/)
    assert.equal((await rows(alert)).length, 10)
    await spread(10)
    assert.equal((await rows(alert)).length, 30)
    await database.db('delivery_rounds').update({ done_at: null, after_object_id: 0 })
    await spread(10)
    assert.equal((await rows(alert)).length, 30)
  })

  it('leaves out who was removed', async () => {
    const ids = [await kit.anObject(), await kit.anObject(), await kit.anObject()]
    const listed = await byEmail({ objectIds: ids })
    const all = await byEmail({ alertAll: true })
    await removeObject(database.db, ids[1]!, clock)
    await spread(1)
    for (const alert of [listed, all])
      assert.deepEqual(
        (await rows(alert)).map(({ object_id }) => object_id),
        [ids[0], ids[2]],
      )
  })

  it('takes the most urgent alert first', async () => {
    await kit.manyObjects(3)
    const info = await byEmail({ alertAll: true })
    await next(1)
    const critical = await byEmail({ alertAll: true, severity: 'critical' })
    await next(10)
    assert.deepEqual([(await rows(info)).length, (await rows(critical)).length], [1, 3])
  })

  it('of a resend to the missing reaches the inboxes and channels of those alone, once', async () => {
    const ids = [await kit.anObject(), await kit.anObject(), await kit.anObject()]
    const alert = await byEmail({ alertAll: true })
    const [, first] = await kit.relay()
    await kit.apply(kit.delivered(ids[0]!, first!.position))
    await spread()
    clock.ms += 1000
    await resend(alert, 'missing')
    await spread(1)
    assert.deepEqual(inboxes(await kit.relay()), [`object:${ids[1]}`, `object:${ids[2]}`])
    assert.deepEqual(
      (await rows(alert, { round: 1 })).map(({ object_id }) => object_id),
      [ids[1], ids[2]],
    )
    const seen = await listInbox(database.db, ids[1]!, 0, 10)
    assert.deepEqual(
      seen.map(({ id }) => id),
      [alert.id],
    )
  })

  it('of a resend to the missing, of an alert to be acknowledged, goes to all who have not', async () => {
    const ids = [await kit.anObject(), await kit.anObject()]
    const alert = await kit.anAlert({ objectIds: ids, acknowledgeBy: new Date(clock.ms + 1000) })
    await kit.apply(kit.mark('read', ids[0]!, alert.id), kit.mark('acknowledged', ids[1]!, alert.id))
    await kit.relay()
    await resend(alert, 'missing')
    await spread()
    assert.deepEqual(inboxes(await kit.relay()), [`object:${ids[0]}`])
    assert.deepEqual(await rows(alert), [])
  })

  it('of a resend to all takes one event for an alert to all, and one each for a list', async () => {
    const ids = [await kit.anObject(), await kit.anObject()]
    for (const [alert, scopes] of [
      [await byEmail({ alertAll: true }), ['objects']],
      [await byEmail({ objectIds: ids }), ids.map((id) => `object:${id}`)],
    ] as const) {
      await kit.relay()
      await spread()
      clock.ms += 1000
      await resend(alert, 'all')
      await spread()
      assert.deepEqual(inboxes(await kit.relay()), scopes)
      assert.equal((await rows(alert, { round: 1 })).length, 2)
      assert.equal((await listInbox(database.db, ids[0]!, 0, 10)).filter(({ id }) => id === alert.id).length, 1)
    }
  })

  it('gives each delivery to one worker at a time', async () => {
    await kit.manyObjects(100)
    await byEmail({ alertAll: true })
    await spread()
    const claim = (limit: number) =>
      claimDeliveries(database.db, 'email', limit, clock.now(), new Date(clock.ms + 60_000))
    const claims = (await Promise.all([claim(30), claim(30), claim(30), claim(30)])).flat()
    const more = await claim(100)
    const ids = [...claims, ...more].map((claimed) => claimed.key.object_id)
    assert.equal(new Set(ids).size, ids.length)
    assert.equal(ids.length, 100)
    assert.deepEqual(await claim(100), [])
    clock.ms += 60_000
    const again = await claim(100)
    assert.deepEqual([again.length, again[0]?.attempts], [100, 2])
  })
})
