import assert from 'node:assert/strict'
import type { InboxMark } from '#internal/events/mark'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Alert } from './alert.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'
import { announceTallies } from './tallies.ts'

describe('receipts', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>

  before(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  after(() => database.drop())
  beforeEach(() => {
    clock.ms += 60_000
  })

  /** Raises an alert and gives it its place in the log. */
  async function raised(raise: Parameters<typeof kit.anAlert>[0]): Promise<{ alert: Alert; position: number }> {
    const alert = await kit.anAlert(raise)
    const events = await kit.relay()
    return { alert, position: events.at(-1)!.position }
  }

  const receiptOf = (alert: Alert, objectId: number) =>
    database
      .db('alert_receipts')
      .where({ alert_id: alert.id, object_id: objectId })
      .first('delivered_at', 'read_at', 'acknowledged_at')
  const markOf = async (objectId: number): Promise<number | undefined> =>
    (await database.db('inbox_marks').where({ object_id: objectId }).first('position'))?.position

  it('of a delivery cover everything in the inbox up to the position, and nothing beyond', async () => {
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    const mine = await raised({ objectIds: [a] })
    const theirs = await raised({ objectIds: [b] })
    const all = await raised({ alertAll: true })
    const later = await raised({ objectIds: [a] })
    await kit.apply(kit.delivered(a, all.position))
    assert.deepEqual(await receiptOf(mine.alert, a), {
      delivered_at: clock.now(),
      read_at: null,
      acknowledged_at: null,
    })
    assert.equal(await receiptOf(theirs.alert, a), undefined)
    assert.ok(await receiptOf(all.alert, a))
    assert.equal(await receiptOf(all.alert, b), undefined)
    assert.equal(await receiptOf(later.alert, a), undefined)
    assert.deepEqual(await kit.counts(mine.alert), [1, 1, 0, 0])
    assert.equal(await markOf(a), all.position)
  })

  it('of a delivery keep the first time, however often and late it is confirmed', async () => {
    const a = await kit.anObject()
    const { alert, position } = await raised({ objectIds: [a] })
    const first = clock.now()
    await kit.apply(kit.delivered(a, position))
    clock.ms += 1000
    await kit.apply(kit.delivered(a, position), kit.delivered(a, position - 1))
    assert.deepEqual((await receiptOf(alert, a))?.delivered_at, first)
    assert.deepEqual(await kit.counts(alert), [1, 1, 0, 0])
    assert.equal(await markOf(a), position)
  })

  it('of several marks in one batch take the earliest time of each alert', async () => {
    const a = await kit.anObject()
    const one = await raised({ objectIds: [a] })
    const two = await raised({ objectIds: [a] })
    const early = clock.now()
    const first = kit.delivered(a, one.position)
    clock.ms += 1000
    await kit.apply(kit.delivered(a, two.position), first)
    assert.deepEqual((await receiptOf(one.alert, a))?.delivered_at, early)
    assert.deepEqual((await receiptOf(two.alert, a))?.delivered_at, clock.now())
  })

  it('are not made for an object that is younger than an alert to all', async () => {
    const { alert, position } = await raised({ alertAll: true })
    const young = await kit.anObject()
    await kit.apply(kit.delivered(young, position), kit.mark('read', young, alert.id))
    assert.equal(await receiptOf(alert, young), undefined)
    assert.deepEqual((await kit.counts(alert)).slice(1), [0, 0, 0])
  })

  it('are not made by a position that the log has not reached', async () => {
    const a = await kit.anObject()
    const { alert, position } = await raised({ objectIds: [a] })
    await kit.apply(kit.delivered(a, position + 1000))
    assert.equal(await receiptOf(alert, a), undefined)
    assert.equal(await markOf(a), undefined)
  })

  it('of an acknowledgement imply read and delivered, and say so to the inbox', async () => {
    const a = await kit.anObject()
    const { alert } = await raised({ objectIds: [a] })
    await kit.apply(kit.mark('acknowledged', a, alert.id))
    const now = clock.now()
    assert.deepEqual(await receiptOf(alert, a), { delivered_at: now, read_at: now, acknowledged_at: now })
    assert.deepEqual(await kit.counts(alert), [1, 1, 1, 1])
    const [event, ...others] = await kit.relay()
    assert.deepEqual(others, [])
    assert.deepEqual([event?.scope, event?.event], [`object:${a}`, 'alert.receipt_advanced'])
    const at = now.toISOString()
    assert.deepEqual(JSON.parse(event!.data), {
      alert_id: alert.id,
      delivered_at: at,
      read_at: at,
      acknowledged_at: at,
    })
  })

  it('advance step by step, each with its own time, and repeats change nothing', async () => {
    const a = await kit.anObject()
    const { alert, position } = await raised({ alertAll: true })
    const times: Date[] = []
    const steps: (() => InboxMark)[] = [
      () => kit.delivered(a, position),
      () => kit.mark('read', a, alert.id),
      () => kit.mark('acknowledged', a, alert.id),
    ]
    for (const step of steps) {
      clock.ms += 1000
      times.push(clock.now())
      await kit.apply(step())
    }
    await kit.relay()
    clock.ms += 1000
    await kit.apply(...steps.map((step) => step()))
    const [delivered_at, read_at, acknowledged_at] = times
    assert.deepEqual(await receiptOf(alert, a), { delivered_at, read_at, acknowledged_at })
    assert.deepEqual((await kit.counts(alert)).slice(1), [1, 1, 1])
    assert.deepEqual(await kit.relay(), [])
  })

  it('never run backwards in time, even when a mark comes late', async () => {
    const a = await kit.anObject()
    const { alert, position } = await raised({ objectIds: [a] })
    const early = kit.mark('acknowledged', a, alert.id)
    clock.ms += 1000
    await kit.apply(kit.delivered(a, position))
    await kit.apply(early)
    const now = clock.now()
    assert.deepEqual(await receiptOf(alert, a), { delivered_at: now, read_at: now, acknowledged_at: now })
  })

  it('are not made for the unknown: objects, alerts, alerts of others, numbers beyond int', async () => {
    const [a, b, gone] = [await kit.anObject(), await kit.anObject(), await kit.anObject()]
    const { alert, position } = await raised({ objectIds: [b, gone] })
    await removeObject(database.db, gone, clock)
    await kit.relay()
    await kit.apply(
      kit.mark('read', a, alert.id),
      kit.mark('read', gone, alert.id),
      kit.mark('read', b, 1_999_999_999),
      kit.mark('acknowledged', 1_999_999_999, alert.id),
      kit.mark('read', 2 ** 40, alert.id),
      kit.mark('read', b, 2 ** 40),
      kit.delivered(gone, position),
      kit.delivered(1_999_999_999, position),
      kit.delivered(-1, position),
    )
    assert.deepEqual(await kit.counts(alert), [2, 0, 0, 0])
    assert.deepEqual(await kit.relay(), [])
  })

  it('are counted once when workers apply overlapping batches at once, without a deadlock', async () => {
    const first = await kit.manyObjects(60)
    const ids = Array.from({ length: 60 }, (_, i) => first + 1 + i)
    const alerts = [
      await raised({ alertAll: true }),
      await raised({ objectIds: ids }),
      await raised({ objectIds: ids }),
    ]
    const { position } = alerts.at(-1)!
    const batch = (worker: number): InboxMark[] =>
      ids
        .filter((id) => (id + worker) % 4 !== 0)
        .flatMap((id) => [
          kit.delivered(id, position),
          ...alerts.map(({ alert }) => kit.mark(id % 2 === 0 ? 'read' : 'acknowledged', id, alert.id)),
        ])
        .toSorted((x, y) => (worker % 2 ? x.object_id - y.object_id : y.object_id - x.object_id))
    for (let round = 0; round < 5; round++)
      await Promise.all([0, 1, 2, 3, 4, 5].map((worker) => kit.apply(...batch(worker + round))))
    for (const { alert } of alerts) assert.deepEqual((await kit.counts(alert)).slice(1), [60, 60, 30])
    assert.equal((await kit.relay()).length, 60 * alerts.length)
  })

  it('are announced to dispatchers as counts, once per move and by one of those who try', async () => {
    await announceTallies(database.db, clock)
    await kit.relay()
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    const { alert, position } = await raised({ objectIds: [a, b] })
    assert.equal(await announceTallies(database.db, clock), 0)
    await kit.apply(kit.delivered(a, position), kit.mark('read', a, alert.id), kit.delivered(b, position))
    const announced = await Promise.all([1, 2, 3].map(() => announceTallies(database.db, clock)))
    assert.deepEqual(announced.toSorted(), [0, 0, 1])
    const events = (await kit.relay()).filter((event) => event.scope === 'alerts')
    assert.deepEqual(
      events.map((event) => event.event),
      ['alert.receipt_advanced'],
    )
    const counts = { targeted: 2, delivered: 2, read: 1, acknowledged: 0 }
    assert.deepEqual(JSON.parse(events[0]!.data), { alert_id: alert.id, counts })
    assert.equal(await announceTallies(database.db, clock), 0)
  })
})
