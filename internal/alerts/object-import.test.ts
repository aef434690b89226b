import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { systemClock } from '#internal/runtime/clock'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { raiseAlert } from './alert-store.ts'
import { importObjects } from './object-import.ts'
import { type Contact, createObject } from './object-store.ts'
import { countRollCall } from './roll-call-store.ts'

describe('importObjects', function () {
  this.timeout(20_000)
  let database: TestDatabase

  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const contact = (n: number): Contact => ({
    email: `p${n}@example.com`,
    phone_number: '212-555-1234',
    phone_e164: '+12125551234',
  })
  const contacts = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => contact(from + i))
  async function* inBatches(...batches: Contact[][]) {
    yield* batches
  }
  const alertAll = async () => {
    const raise = {
      text: 'x',
      severity: 'info',
      alertAll: true,
      objectIds: [],
      acknowledgeBy: null,
      raisedBy: 'ada',
    } as const
    const alert = await raiseAlert(database.db, { ...raise, objectIds: [] }, systemClock)
    return {
      told: alert.number_of_objects_receiving_alert,
      counted: (await countRollCall(database.db, alert)).targeted,
    }
  }
  const targets = async () => (await database.db('object_alerts').orderBy(['alert_id', 'object_id'])).length

  it('makes them in their order, and an alert to all counts those before it alone', async () => {
    await createObject(database.db, contact(0), systemClock)
    assert.deepEqual(await alertAll(), { told: 1, counted: 1 })
    const made = await importObjects(database.db, inBatches(contacts(1, 3), contacts(3, 6)), systemClock)
    assert.deepEqual(made, { created: 5, duplicates: 0 })
    assert.deepEqual(await alertAll(), { told: 6, counted: 6 })
    await createObject(database.db, contact(9), systemClock)
    assert.deepEqual(await alertAll(), { told: 7, counted: 7 })
    assert.equal(await targets(), 1 + 6 + 7)
    assert.deepEqual(
      await database.db('objects').orderBy('id').pluck('email'),
      [0, 1, 2, 3, 4, 5, 9].map((n) => contact(n).email),
    )
  })

  it('does nothing when the batches fail', async () => {
    async function* failing() {
      yield contacts(0, 3)
      throw new Error('the file is bad')
    }
    await assert.rejects(importObjects(database.db, failing(), systemClock), /the file is bad/)
    assert.deepEqual(await database.db('objects'), [])
    assert.deepEqual(await database.db('object_directory').select('version', 'total'), [{ version: 0, total: 0 }])
  })

  it('makes each object once when two import the same at once', async () => {
    const both = await Promise.all(
      [1, 2].map(() => importObjects(database.db, inBatches(contacts(0, 500)), systemClock)),
    )
    assert.deepEqual(
      both.map(({ created }) => created).toSorted((a, b) => a - b),
      [0, 500],
    )
    assert.deepEqual(await database.db('object_directory').select('total'), [{ total: 500 }])
  })

  it('keeps nobody waiting while it reads, however long that takes', async () => {
    let reading = false
    const finish = Promise.withResolvers<void>()
    async function* slow() {
      yield contacts(0, 2)
      reading = true
      await finish.promise
    }
    const importing = importObjects(database.db, slow(), systemClock)
    await waitFor(() => reading, { what: 'the first batch' })
    const made = createObject(database.db, contact(9), systemClock).then(() => 'made')
    assert.equal(await Promise.race([made, delay(5000, 'waits')]), 'made')
    assert.deepEqual(await alertAll(), { told: 1, counted: 1 })
    finish.resolve()
    assert.deepEqual(await importing, { created: 2, duplicates: 0 })
  })
})
