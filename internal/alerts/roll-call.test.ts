import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import type { Alert } from './alert.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'
import { type RollCallState, rollCallStates } from './roll-call-sql.ts'
import { listRollCall } from './roll-call-store.ts'

describe('a roll-call', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>

  beforeEach(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
  })
  afterEach(() => database.drop())

  const idsIn = async (alert: Alert, state: RollCallState, after = 0, limit = 10) =>
    (await listRollCall(database.db, alert, state, after, limit)).map((item) => item.object_id)

  for (const alertAll of [false, true])
    it(`of an alert to ${alertAll ? 'all' : 'some'} names who reached each state, and who is missing`, async () => {
      const [a, b, c, d] = [await kit.anObject(), await kit.anObject(), await kit.anObject(), await kit.anObject()]
      const alert = await kit.anAlert({ alertAll, objectIds: [a, b, c, d] })
      const urgent = await kit.anAlert({ alertAll, objectIds: [a, b, c, d], acknowledgeBy: new Date(clock.ms + 1000) })
      await kit.anObject()
      const position = (await kit.relay()).at(-1)!.position
      for (const { id } of [alert, urgent])
        await kit.apply(kit.delivered(b, position), kit.mark('read', c, id), kit.mark('acknowledged', d, id))
      const named = async (of: Alert) => Promise.all(rollCallStates.map((state) => idsIn(of, state)))
      assert.deepEqual(await named(alert), [[a, b, c, d], [b, c, d], [c, d], [d], [a]])
      assert.deepEqual(await named(urgent), [[a, b, c, d], [b, c, d], [c, d], [d], [a, b, c]])
      assert.deepEqual(await kit.counts(alert), [4, 3, 2, 1])
      assert.deepEqual(await idsIn(alert, 'targeted', b, 1), [c])
      assert.deepEqual(await idsIn(alert, 'delivered', d), [])
    })

  for (const alertAll of [false, true])
    it(`of an alert to ${alertAll ? 'all' : 'some'} keeps an object that was removed since, without its email`, async () => {
      const [gone, stays, before] = [await kit.anObject(), await kit.anObject('eve@example.com'), await kit.anObject()]
      await removeObject(database.db, before, clock)
      const alert = await kit.anAlert({ alertAll, objectIds: [gone, stays, before] })
      await kit.apply(kit.mark('read', gone, alert.id))
      await removeObject(database.db, gone, clock)
      const items = await listRollCall(database.db, alert, 'targeted', 0, 10)
      assert.deepEqual(
        items.map(({ object_id, email }) => [object_id, email]),
        [
          [gone, null],
          [stays, 'eve@example.com'],
        ],
      )
      assert.deepEqual(items[0]?.read_at, clock.now())
      assert.deepEqual(await kit.counts(alert), [2, 1, 1, 0])
    })
})
