import assert from 'node:assert/strict'
import { emit } from '#internal/log/outbox'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { findInboxItem, listInbox, wasTargeted } from './inbox-store.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'

describe('an inbox', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>

  before(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  after(() => database.drop())
  beforeEach(() => {
    clock.ms += 1000
  })

  it('has the alerts of its object, oldest first, with their positions and receipts', async () => {
    await kit.anAlert({ alertAll: true, text: 'before its time' })
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    const one = await kit.anAlert({ objectIds: [a, b] })
    const two = await kit.anAlert({ alertAll: true, severity: 'warning' })
    await kit.anAlert({ objectIds: [b] })
    const three = await kit.anAlert({ objectIds: [a] })
    await kit.relay()
    await kit.apply(kit.mark('read', a, two.id))
    const items = await listInbox(database.db, a, 0, 10)
    assert.deepEqual(
      items.map((item) => item.id),
      [one.id, two.id, three.id],
    )
    assert.deepEqual([items[1]?.severity, items[1]?.read_at], ['warning', clock.now()])
    const rest = await listInbox(database.db, a, items[0]!.position!, 1)
    assert.deepEqual(rest, [items[1]])
    assert.deepEqual(await findInboxItem(database.db, a, two.id), items[1])
  })

  it('shows an alert once, at its first place, when it was sent again', async () => {
    const a = await kit.anObject()
    const alert = await kit.anAlert({ alertAll: true })
    const first = (await kit.relay()).at(-1)
    const data = { id: alert.id, text: alert.text, severity: alert.severity, created_at: clock.now().toISOString() }
    clock.ms += 5000
    await emit(database.db, [{ scope: `object:${a}`, event: 'alert.raised', data }], clock.now())
    const [again] = await kit.relay()
    const positions = (await listInbox(database.db, a, 0, 10)).map((item) => item.position)
    assert.deepEqual(positions, [first?.position])
    await database.db('events').where({ position: first!.position }).delete()
    const afterRetention = (await listInbox(database.db, a, 0, 10)).map((item) => item.position)
    assert.deepEqual(afterRetention, [again?.position])
  })

  it('shows one alert also before it has a place in the log', async () => {
    const a = await kit.anObject()
    const alert = await kit.anAlert({ objectIds: [a] })
    assert.equal((await findInboxItem(database.db, a, alert.id))?.position, null)
    await kit.relay()
    assert.ok((await findInboxItem(database.db, a, alert.id))?.position)
  })

  it('has no alerts of others, of younger days, or of a removed object', async () => {
    const earlier = await kit.anAlert({ alertAll: true })
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    const mine = await kit.anAlert({ objectIds: [a] })
    const all = await kit.anAlert({ alertAll: true })
    const asked = (objectId: number) =>
      Promise.all([earlier, mine, all].map((alert) => wasTargeted(database.db, objectId, alert.id)))
    assert.deepEqual(await asked(a), [false, true, true])
    assert.deepEqual(await asked(b), [false, false, true])
    assert.deepEqual(await asked(2 ** 31), [false, false, false])
    assert.equal(await findInboxItem(database.db, b, mine.id), undefined)
    await removeObject(database.db, a, clock)
    assert.deepEqual(await asked(a), [false, false, false])
    assert.equal(await findInboxItem(database.db, a, mine.id), undefined)
  })
})
