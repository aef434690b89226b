import assert from 'node:assert/strict'
import path from 'node:path'
import { readConfig } from '#internal/config/read'
import type { Owner, Schedule } from '#internal/schedules/schedule'
import { createSchedule, type NewSchedule } from '#internal/schedules/schedules'
import { findSchedule } from '#internal/schedules/store'
import { silentLog } from '#internal/telemetry/log'
import { runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { schedulerSettings } from '../config.ts'
import { schedules } from './schedules.ts'

const main = path.join(import.meta.dirname, '../main.ts')
const minuteMs = 60_000
const config = readConfig({}, schedulerSettings)

describe('the job schedules', () => {
  let database: TestDatabase
  let now: Date
  let dora: Owner
  beforeEach(async () => {
    database = await testDatabase()
    now = new Date('2026-06-01T08:00:30Z')
    dora = await anAccount('dora', 'dispatcher')
  })
  afterEach(() => database.drop())

  const run = () => schedules({ db: database.db, clock: { now: () => now }, config, logger: silentLog })
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * minuteMs)
  }
  const anAccount = async (username: string, role: Owner['role']): Promise<Owner> => {
    const row = { username, role, password_hash: 'none', created_at: now }
    const [{ id }] = await database.db('accounts').insert(row).returning('id')
    return { id, username, role }
  }
  const alert = (text: string) => ({
    kind: 'alert' as const,
    content: { text, severity: 'info' as const, alert_all: true, object_ids: [] },
  })
  const daily = { at: null, cron: '0 9 * * *', time_zone: 'UTC' }
  const create = (schedule: Partial<NewSchedule> = {}, owner = dora): Promise<Schedule> =>
    createSchedule(database.db, owner, { name: null, ...daily, ...alert('tea'), ...schedule } as NewSchedule, {
      now,
      checkConversation: async () => undefined,
    })
  const get = async (id: number) => (await findSchedule(database.db, id)) as Schedule
  const alerts = (): Promise<string[]> => database.db('alerts').orderBy('id').pluck('text')
  const firings = () => database.db('schedule_firings').orderBy('due_at')
  const aTopic = async (owner: Owner) => {
    const topic = { kind: 'topic', visibility: 'public', owner_id: owner.id, last_activity_at: now, created_at: now }
    const [{ id }] = await database
      .db('conversations')
      .insert({ name: 'ops', ...topic })
      .returning('id')
    await database
      .db('members')
      .insert({ conversation_id: id, account_id: owner.id, joined_at: now, joined_seq: 0, read_seq: 0 })
    return id as number
  }
  const message = (conversation_id: number) => ({
    kind: 'message' as const,
    content: { conversation_id, body: 'hello' },
  })

  it('does nothing before the time', async () => {
    await create()
    assert.deepEqual(await run(), { fired: 0, failed: 0, skipped: 0 })
  })

  it('raises an alert when it is due, once, and goes on to the next time', async () => {
    const { id } = await create()
    later(60)
    assert.deepEqual(await run(), { fired: 1, failed: 0, skipped: 0 })
    assert.deepEqual(await run(), { fired: 0, failed: 0, skipped: 0 })
    const { last_fired_at, next_at, last_error } = await get(id)
    assert.deepEqual([last_fired_at, next_at, last_error], [now, new Date('2026-06-02T09:00:00Z'), null])
    const [raised] = await database.db('alerts')
    assert.deepEqual([raised.text, raised.raised_by, raised.created_at], ['tea', 'dora', now])
    assert.equal((await database.db('outbox').where({ event: 'alert.raised', scope: 'alerts' })).length, 1)
    later(24 * 60)
    await run()
    assert.deepEqual(await alerts(), ['tea', 'tea'])
  })

  it('counts the deadline of an alert from the firing, and sends it over its channels', async () => {
    const { kind, content } = alert('tea')
    const more = { acknowledge_within_minutes: 15, channels: ['sms' as const], escalate_to: [7] }
    await create({ kind, content: { ...content, ...more } })
    later(61)
    await run()
    const [raised] = await database.db('alerts')
    assert.deepEqual(raised.acknowledge_by, new Date(now.getTime() + 15 * minuteMs))
    assert.deepEqual(raised.channels, ['inbox', 'sms'])
    assert.deepEqual((await database.db('alert_deadlines').first()).escalate_to, [7])
  })

  it('posts a message as its owner', async () => {
    const { id } = await create(message(await aTopic(dora)))
    later(60)
    assert.equal((await run()).fired, 1)
    const [posted] = await database.db('messages')
    assert.deepEqual([posted.body, posted.author_id, posted.seq], ['hello', dora.id, 1])
    assert.equal((await database.db('outbox').where({ event: 'message.posted' })).length, 1)
    assert.equal((await get(id)).last_error, null)
  })

  it('fires a time alone however late, and is done', async () => {
    const { id } = await create({ at: new Date('2026-06-01T10:00:00Z'), cron: null, time_zone: null })
    later(30 * 24 * 60)
    assert.equal((await run()).fired, 1)
    assert.equal((await get(id)).next_at, null)
    assert.equal((await run()).fired, 0)
  })

  it('fires once after an outage, for the latest time missed', async () => {
    const { id } = await create({ cron: '*/10 * * * *' })
    later(24 * 60)
    assert.equal((await run()).fired, 1)
    assert.deepEqual(await alerts(), ['tea'])
    const [skipped, fired] = await firings()
    assert.deepEqual([skipped.outcome, skipped.due_at], ['skipped', new Date('2026-06-01T08:10:00Z')])
    assert.deepEqual(skipped.skipped_until, new Date('2026-06-02T07:50:00Z'))
    assert.deepEqual([fired.outcome, fired.due_at], ['fired', new Date('2026-06-02T08:00:00Z')])
    assert.deepEqual((await get(id)).next_at, new Date('2026-06-02T08:10:00Z'))
  })

  it('passes over times that are too long ago', async () => {
    const { id } = await create()
    later(121)
    assert.deepEqual(await run(), { fired: 0, failed: 0, skipped: 1 })
    assert.deepEqual(await alerts(), [])
    assert.deepEqual((await get(id)).next_at, new Date('2026-06-02T09:00:00Z'))
    assert.equal((await firings())[0].outcome, 'skipped')
  })

  const lost: Record<string, [() => Promise<unknown>, reason: RegExp]> = {
    'is no dispatcher any more': [
      () => database.db('accounts').update({ role: 'member' }).where({ id: dora.id }),
      /^Only dispatchers/,
    ],
    'is disabled': [() => database.db('accounts').update({ disabled_at: now }).where({ id: dora.id }), /is disabled/],
  }
  for (const [what, [lose, reason]] of Object.entries(lost)) {
    it(`fails for good, with the reason, when its owner ${what}`, async () => {
      const { id } = await create()
      await lose()
      later(60)
      assert.equal((await run()).failed, 1)
      const { last_error, last_fired_at, next_at } = await get(id)
      assert.match(last_error!, reason)
      assert.deepEqual([last_fired_at, next_at], [null, new Date('2026-06-02T09:00:00Z')])
      const [firing] = await firings()
      assert.deepEqual([firing.outcome, firing.error], ['failed', last_error])
      assert.deepEqual(await alerts(), [])
    })
  }

  it('fails, and does not join, when its owner has left the topic; and recovers', async () => {
    const topic = await aTopic(dora)
    const { id } = await create(message(topic))
    const membership = await database.db('members').first()
    await database.db('members').delete()
    later(60)
    assert.equal((await run()).failed, 1)
    assert.match((await get(id)).last_error!, /^Only members/)
    assert.equal((await database.db('members')).length + (await database.db('messages')).length, 0)
    await database.db('members').insert(membership)
    later(24 * 60)
    assert.equal((await run()).fired, 1)
    assert.equal((await get(id)).last_error, null)
  })

  it('fails when the conversation is gone', async () => {
    const { id } = await create(message(await aTopic(dora)))
    await database.db('conversations').update({ deleted_at: now })
    later(60)
    assert.equal((await run()).failed, 1)
    assert.equal((await get(id)).last_error, 'There is no such conversation.')
  })

  describe('that cannot fire now', () => {
    /** Alerts with the text "stuck" cannot be stored. */
    const stick = () => database.db.raw("alter table alerts add constraint stuck check (text <> 'stuck')")
    const unstick = () => database.db.raw('alter table alerts drop constraint stuck')

    it('holds up no other, leaves nothing behind, and fires when it can', async () => {
      await create(alert('before'))
      const { id } = await create(alert('stuck'))
      await create(alert('after'))
      await stick()
      later(60)
      assert.deepEqual(await run(), { fired: 2, failed: 1, skipped: 0 })
      assert.equal((await get(id)).last_error, 'Something went wrong. It is tried again.')
      later(1)
      assert.deepEqual(await run(), { fired: 0, failed: 1, skipped: 0 })
      await unstick()
      later(1)
      assert.deepEqual(await run(), { fired: 1, failed: 0, skipped: 0 })
      assert.deepEqual(await alerts(), ['before', 'after', 'stuck'])
      assert.equal((await get(id)).last_error, null)
    })

    it('is given up when its window ends', async () => {
      await stick()
      const once = { at: new Date('2026-06-01T10:00:00Z'), cron: null, time_zone: null, ...alert('stuck') }
      const [recurring, alone] = [await create(alert('stuck')), await create(once)]
      later(12 * 60)
      await run()
      assert.deepEqual((await get(recurring.id)).next_at, new Date('2026-06-02T09:00:00Z'), 'too old to begin with')
      assert.deepEqual((await get(alone.id)).next_at, once.at, 'its window begins with the first try')
      later(60)
      assert.equal((await run()).failed, 1)
      assert.equal((await get(alone.id)).next_at, null)
      await unstick()
      assert.equal((await run()).fired, 0)
    })
  })

  it('forgets firings after the retention', async () => {
    await create()
    later(60)
    await run()
    later(31 * 24 * 60)
    await run()
    assert.deepEqual(
      (await firings()).map(({ due_at }) => due_at),
      [new Date('2026-06-02T09:00:00Z'), new Date('2026-07-02T09:00:00Z')],
    )
  })

  describe('as processes', function () {
    this.timeout(60_000)

    const child = () => runChild(main, ['schedules'], { PATH: process.env.PATH, BELFRY_DATABASE_URL: database.url })
    /** Schedules of alerts with the texts 0, 1, 2, ... that are due by the time of the machine. */
    const dueNow = async (count: number) => {
      const at = new Date(Date.now() - minuteMs)
      for (let i = 0; i < count; i++) await create({ at, cron: null, time_zone: null, ...alert(`${i}`) })
    }
    beforeEach(() => {
      now = new Date(Date.now() - 2 * minuteMs)
    })
    const texts = (count: number) => Array.from({ length: count }, (_, i) => `${i}`).sort()

    it('fires each of fifty once, with two at once', async () => {
      await dueNow(50)
      const both = [child(), child()]
      assert.deepEqual(await Promise.all(both.map(({ ended }) => ended)), [0, 0])
      assert.deepEqual((await alerts()).sort(), texts(50))
      const fired = both.map(({ stdout }) => JSON.parse(stdout).fired)
      assert.equal(fired[0] + fired[1], 50)
      assert.equal((await firings()).filter(({ outcome }) => outcome === 'fired').length, 50)
    })

    it('fires each once though it is killed in the middle of a firing', async () => {
      await dueNow(3)
      const holder = await database.db.transaction()
      await holder.raw('lock table outbox in exclusive mode')
      const killed = child()
      const waiting = () =>
        database.db.raw("select pid from pg_locks where relation = 'outbox'::regclass and not granted")
      await waitFor(async () => (await waiting()).rows.length > 0, { what: 'a firing that waits' })
      killed.process.kill('SIGKILL')
      assert.equal(await killed.ended, 'SIGKILL')
      await holder.rollback()
      const busy =
        "select 1 from pg_stat_activity where application_name = 'belfry-scheduler' and datname = current_database()"
      await waitFor(async () => (await database.db.raw(busy)).rows.length === 0, { what: 'PostgreSQL to notice' })
      assert.deepEqual(await alerts(), [], 'nothing of it stays')
      assert.equal(await child().ended, 0)
      assert.deepEqual((await alerts()).sort(), texts(3))
    })

    it('fires each once though it is killed at any moment', async () => {
      await dueNow(300)
      let kills = 0
      for (let count = 0; count < 300; ) {
        const one = child()
        const goal = Math.min(300, count + 60)
        const reached = waitFor(async () => (await alerts()).length >= goal, { what: 'some alerts' })
        await Promise.race([reached, one.ended])
        if (one.process.kill('SIGKILL')) kills++
        await one.ended
        await reached
        count = (await alerts()).length
      }
      await child().ended
      assert.ok(kills > 1, `${kills} kills`)
      assert.deepEqual((await alerts()).sort(), texts(300))
      assert.equal((await database.db('outbox').where({ scope: 'alerts' })).length, 300)
      assert.equal((await database.db('schedules').whereNotNull('next_at')).length, 0)
    })
  })
})
