import assert from 'node:assert/strict'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { type Alert, maxTextLength, type Raise } from './alert.ts'
import { escalationText, passDeadlines } from './deadlines.ts'
import { alertsTestKit, TestClock } from './kit.test.ts'
import { removeObject } from './object-store.ts'

describe('the deadline of an alert', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>
  let team: number[]
  let boss: number
  beforeEach(async () => {
    database = await testDatabase()
    kit = alertsTestKit(database.db, clock)
    team = [await kit.anObject(), await kit.anObject()]
    boss = await kit.anObject('boss@x.org')
  })
  afterEach(() => database.drop())

  const raise = (fields: Partial<Raise> = {}) =>
    kit.anAlert({ objectIds: team, severity: 'warning', acknowledgeBy: new Date(clock.ms + 60_000), ...fields })
  const acknowledge = (alert: Alert, ...ids: number[]) =>
    kit.apply(...ids.map((id) => kit.mark('acknowledged', id, alert.id)))
  const pass = (ms = 60_000) => {
    clock.ms += ms
    return passDeadlines(database.db, clock)
  }
  const escalations = (): Promise<Alert[]> => database.db('alerts').whereNotNull('escalates')
  const rounds = () => database.db('delivery_rounds').where('round', '>', 0)

  it('causes nothing before it comes, nor when everybody has acknowledged', async () => {
    const alert = await raise({ escalateTo: [boss] })
    assert.deepEqual(await pass(59_999), { escalated: 0, resent: 0, met: 0 })
    await acknowledge(alert, ...team)
    assert.deepEqual(await pass(1), { escalated: 0, resent: 0, met: 1 })
    assert.deepEqual([await escalations(), await rounds()], [[], []])
    assert.deepEqual(await pass(), { escalated: 0, resent: 0, met: 0 })
  })

  it('brings a new alert to those whom the alert names for it, once, with two schedulers too', async () => {
    const alert = await raise({ escalateTo: [boss, 1_999_999_999], channels: ['sms'], text: 'fire' })
    await acknowledge(alert, team[0]!)
    await kit.relay()
    clock.ms += 60_000
    const results = await Promise.all([1, 2, 3].map(() => passDeadlines(database.db, clock)))
    assert.equal(
      results.reduce((sum, { escalated }) => sum + escalated, 0),
      1,
    )
    const [escalation, ...others] = await escalations()
    assert.deepEqual(others, [])
    const { text, severity, channels, escalates, raised_by, number_of_objects_receiving_alert } = escalation!
    assert.equal(text, `[Escalation: 1 of 2 have not acknowledged alert ${alert.id}] fire`)
    assert.deepEqual([severity, channels, escalates, raised_by], ['warning', ['inbox', 'sms'], alert.id, 'dora'])
    assert.equal(number_of_objects_receiving_alert, 1)
    assert.deepEqual(
      (await kit.relay()).map(({ scope }) => scope),
      ['alerts', `object:${boss}`],
    )
    assert.deepEqual(await rounds(), [])
  })

  it('sends the alert to the missing again, once, where it names nobody, or nobody who still exists', async () => {
    const plain = await raise()
    const orphaned = await raise({ escalateTo: [boss] })
    await removeObject(database.db, boss, clock)
    assert.deepEqual(await pass(), { escalated: 0, resent: 2, met: 0 })
    const found = await rounds().orderBy('alert_id')
    assert.deepEqual(
      found.map(({ alert_id, round, audience, announce }) => [alert_id, round, audience, announce]),
      [plain, orphaned].map(({ id }) => [id, 1, 'missing', true]),
    )
    assert.deepEqual(await pass(), { escalated: 0, resent: 0, met: 0 })
  })

  it('is met when those who have not acknowledged were removed', async () => {
    const alert = await raise({ alertAll: true })
    await acknowledge(alert, team[0]!, boss)
    await removeObject(database.db, team[1]!, clock)
    assert.deepEqual(await pass(), { escalated: 0, resent: 0, met: 1 })
  })

  it('that cannot be dealt with does not hold up others, and stays', async () => {
    const broken = await raise({ escalateTo: [boss] })
    await raise()
    await database.db('alert_tallies').where({ alert_id: broken.id }).delete()
    await database.db.raw(`alter table alerts add constraint broken check (escalates <> ${broken.id})`)
    await assert.rejects(pass(), /1 deadlines could not/)
    assert.equal((await rounds()).length, 1)
    await database.db.raw('alter table alerts drop constraint broken')
    assert.deepEqual(await pass(), { escalated: 1, resent: 0, met: 0 })
  })

  it('leaves as much of the text as an alert may hold', () => {
    const text = escalationText({ id: 1, text: '🔥'.repeat(2000) }, 1, 2)
    assert.ok(text.length <= maxTextLength && text.length >= maxTextLength - 1)
    assert.ok(text.isWellFormed())
  })
})
