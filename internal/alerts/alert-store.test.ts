import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { findAlert, listAlerts } from './alert-store.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'
import { alertView } from './views.ts'

describe('raising alerts', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>

  before(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  after(() => database.drop())

  const targetsOf = async (id: number): Promise<number[]> =>
    database.db('object_alerts').where({ alert_id: id }).orderBy('object_id').pluck('object_id')

  it('counts listed objects once, and leaves out the unknown, the removed and those beyond int', async () => {
    const [a, b, c] = [await kit.anObject(), await kit.anObject(), await kit.anObject()]
    await removeObject(database.db, b, clock)
    const alert = await kit.anAlert({ objectIds: [c, a, a, b, 1_999_999_999, 2 ** 40, -5, 0] })
    assert.equal(alert.number_of_objects_receiving_alert, 2)
    assert.deepEqual(await targetsOf(alert.id), [a, c])
  })

  it('writes the event for dispatchers first, with the very view of REST, then one for each object', async () => {
    const [a, b] = [await kit.anObject(), await kit.anObject()]
    await kit.relay()
    const text = 'fire "here"\n\t\\ \u2028 \u0001 ✓ 🔥'
    const acknowledgeBy = new Date(clock.ms + 60_000)
    const alert = await kit.anAlert({ text, severity: 'critical', objectIds: [b, a], acknowledgeBy })
    const events = await kit.relay()
    assert.deepEqual(
      events.map((event) => event.scope),
      ['alerts', `object:${a}`, `object:${b}`],
    )
    assert.ok(events.every((event) => event.event === 'alert.raised' && event.at.getTime() === clock.ms))
    assert.deepEqual(JSON.parse(events[0]!.data), alertView(alert))
    assert.deepEqual(JSON.parse(events[0]!.data), alertView((await findAlert(database.db, alert.id))!))
    const item = { id: alert.id, text, severity: 'critical', created_at: clock.now().toISOString() }
    assert.deepEqual(
      events.slice(1).map((event) => JSON.parse(event.data)),
      [item, item],
    )
  })

  it('to all targets those present, in two events whatever their number', async () => {
    await kit.anObject()
    const removed = await kit.anObject()
    await removeObject(database.db, removed, clock)
    const { version, total } = await database.db('object_directory').first()
    await kit.relay()
    const alert = await kit.anAlert({ alertAll: true, objectIds: [1] })
    await kit.anObject()
    assert.equal(alert.number_of_objects_receiving_alert, total)
    assert.equal((await targetsOf(alert.id)).length, total)
    const events = await kit.relay()
    assert.deepEqual(
      events.map((event) => event.scope),
      ['alerts', 'objects'],
    )
    assert.deepEqual(JSON.parse(events[0]!.data), alertView(alert))
    const item = { id: alert.id, text: 'fire', severity: 'info', created_at: clock.now().toISOString() }
    assert.deepEqual(JSON.parse(events[1]!.data), { ...item, directory_version: version })
  })

  it('takes an empty list', async () => {
    const alert = await kit.anAlert({ objectIds: [] })
    assert.equal(alert.number_of_objects_receiving_alert, 0)
  })

  it('leaves nothing behind when its transaction is rolled back', async () => {
    await kit.relay()
    const trx = await database.db.transaction()
    await alertsTestKit(trx, clock).anAlert({ alertAll: true })
    await trx.rollback()
    assert.deepEqual(await kit.relay(), [])
  })

  it('is listed newest first', async () => {
    const [a, b, c] = [await kit.anAlert(), await kit.anAlert(), await kit.anAlert()]
    const page = await listAlerts(database.db, undefined, 2)
    assert.deepEqual(
      page.map((alert) => alert.id),
      [c.id, b.id],
    )
    assert.equal((await listAlerts(database.db, b.id, 2))[0]?.id, a.id)
    assert.equal(await findAlert(database.db, 2 ** 31), undefined)
  })

  it('counts exactly the objects of its moment while others create and remove', async () => {
    const first = await kit.manyObjects(200)
    const rounds = Array.from({ length: 40 }, (_, i) => i)
    const inTurn = async (work: (round: number) => Promise<unknown>) => {
      for (const round of rounds) await work(round)
    }
    const listed = Array.from({ length: 200 }, (_, i) => first + 1 + i)
    await Promise.all([
      inTurn(() => kit.anObject()),
      inTurn(() => kit.anObject()),
      inTurn(() => database.db.transaction((trx) => alertsTestKit(trx, clock).anObject())),
      inTurn((round) => removeObject(database.db, first + 1 + round, clock)),
      inTurn((round) => removeObject(database.db, first + 200 - round, clock)),
      inTurn(() => kit.anAlert({ alertAll: true })),
      inTurn(() => kit.anAlert({ alertAll: true })),
      inTurn(() => kit.anAlert({ objectIds: listed })),
    ])
    const { rows } = await database.db.raw(`
      select a.id, a.number_of_objects_receiving_alert as said, count(o.object_id) as really,
        count(o.object_id) filter (where a.alert_all and o.object_id > a.last_object_id) as beyond
      from alerts a left join object_alerts o on o.alert_id = a.id group by a.id`)
    assert.ok(rows.length >= 120)
    for (const { id, said, really, beyond } of rows) assert.deepEqual([id, said, beyond], [id, really, 0])
    const distinct = new Set(rows.map((row: { said: number }) => row.said))
    assert.ok(distinct.size > 10, 'the directory moved while alerts were raised')
  })
})
