import assert from 'node:assert/strict'
import path from 'node:path'
import { keyDays } from '#internal/alerts/raise-once'
import { readConfig } from '#internal/config/read'
import { silentLog } from '#internal/telemetry/log'
import { runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { schedulerSettings } from './config.ts'
import { cleanup } from './jobs/cleanup.ts'
import { raise } from './raise.ts'

const main = path.join(import.meta.dirname, 'main.ts')
const config = readConfig({}, schedulerSettings)
const minuteMs = 60_000

describe('scheduler raise', function () {
  this.timeout(60_000)

  let database: TestDatabase
  let now: Date
  beforeEach(async () => {
    database = await testDatabase()
    now = new Date('2026-06-01T08:00:30Z')
  })
  afterEach(() => database.drop())

  const alert = { text: 'Drill: leave the building', alert_all: true }
  const order = (more: object = {}) =>
    JSON.stringify({ raised_by: 'alertschedule/drill', alert: { ...alert, ...more } })
  const deps = () => ({ db: database.db, clock: { now: () => now }, config, logger: silentLog })
  const run = (ALERT_KEY: string, ALERT = order()) => raise({ ALERT, ALERT_KEY })(deps())
  const alerts = () => database.db('alerts').orderBy('id')
  const child = (key: string, json = order()) =>
    runChild(main, ['raise'], {
      PATH: process.env.PATH,
      BELFRY_DATABASE_URL: database.url,
      BELFRY_ALERT: json,
      BELFRY_ALERT_KEY: key,
    })
  const lineOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout.trim().split('\n').at(-1)!)

  it('raises the alert in the name of the schedule, with its events', async () => {
    const more = { severity: 'critical', channels: ['sms'], acknowledge_within_minutes: 15, escalate_to: [7] }
    assert.deepEqual(await run('drill-1', order(more)), { raised: 1, alert: 1, objects: 0 })
    const [raised] = await alerts()
    assert.deepEqual(
      [raised.text, raised.raised_by, raised.severity, raised.channels, raised.created_at],
      [alert.text, 'alertschedule/drill', 'critical', ['inbox', 'sms'], now],
    )
    assert.deepEqual(raised.acknowledge_by, new Date(now.getTime() + 15 * minuteMs))
    assert.deepEqual((await database.db('alert_deadlines').first()).escalate_to, [7])
    const events = await database.db('outbox').where({ event: 'alert.raised' }).orderBy('id')
    assert.deepEqual(
      events.map(({ scope }) => scope),
      ['alerts', 'objects'],
    )
    assert.equal(JSON.parse(events[0].data).raised_by, 'alertschedule/drill')
  })

  it('raises it once for a key, whatever it says the second time, and again for another key', async () => {
    await run('drill-1')
    assert.deepEqual(await run('drill-1', order({ text: 'other' })), { raised: 0, alert: 1, objects: 0 })
    assert.deepEqual(await run('drill-2'), { raised: 1, alert: 2, objects: 0 })
    assert.equal((await alerts()).length, 2)
  })

  it('passes over due times from before the schedule was what it is', async () => {
    const dueAt = new Date('2026-06-01T08:00:00Z')
    const key = `drill-${dueAt.getTime() / minuteMs}`
    const since = (not_before: string) =>
      JSON.stringify({ raised_by: 'alertschedule/drill', not_before, alert: { ...alert, object_ids: [] } })
    assert.deepEqual(await run(key, since('2026-06-01T08:00:00.001Z')), { raised: 0, passed_over: 1 })
    assert.equal((await alerts()).length, 0)
    assert.equal((await run(key, since('2026-06-01T08:00:00.000Z'))).raised, 1)
    assert.equal((await run('by-hand-1', since('2027-01-01T00:00:00.000Z'))).raised, 1)
  })

  it('forgets keys after a week', async () => {
    await run('drill-1')
    now = new Date(now.getTime() + (keyDays * 24 * 60 - 1) * minuteMs)
    await cleanup(deps())
    assert.equal((await run('drill-1')).raised, 0)
    now = new Date(now.getTime() + 2 * minuteMs)
    await cleanup(deps())
    assert.equal((await run('drill-1')).raised, 1)
  })

  describe('as processes', () => {
    it('raises it once though five run at once, and says so', async () => {
      const all = Array.from({ length: 5 }, () => child('drill-1'))
      assert.deepEqual(await Promise.all(all.map(({ ended }) => ended)), [0, 0, 0, 0, 0])
      const lines = all.map(lineOf)
      assert.equal(
        lines.reduce((sum, { raised }) => sum + raised, 0),
        1,
      )
      for (const { job, alert, message } of lines) assert.deepEqual([job, alert, message], ['raise', 1, 'job done'])
      assert.equal((await alerts()).length, 1)
      assert.equal((await database.db('outbox').where({ scope: 'alerts' })).length, 1)
    })

    /** Nobody writes to the table until that is rolled back. */
    const hold = async (table: string) => {
      const holder = await database.db.transaction()
      await holder.raw('lock table ?? in exclusive mode', [table])
      return holder
    }
    const waiter = async (table: string) => {
      const waiting = 'select pid from pg_locks where relation = ?::regclass and not granted'
      const isWaiting = async () => (await database.db.raw(waiting, [table])).rows.length > 0
      await waitFor(isWaiting, { what: `a raise that waits for ${table}` })
    }

    it('leaves nothing behind when it is killed in the middle, and the next run raises it', async () => {
      const holder = await hold('outbox')
      const killed = child('drill-1')
      await waiter('outbox')
      killed.process.kill('SIGKILL')
      assert.equal(await killed.ended, 'SIGKILL')
      await holder.rollback()
      const next = child('drill-1')
      assert.equal(await next.ended, 0)
      assert.equal(lineOf(next).raised, 1)
      assert.equal((await alerts()).length, 1)
    })

    it('raises it no second time when it was killed after it had, before it could say so', async () => {
      const first = await hold('outbox')
      const killed = child('drill-1')
      await waiter('outbox')
      const last = await hold('job_runs')
      await first.rollback()
      await waiter('job_runs')
      assert.equal((await alerts()).length, 1)
      killed.process.kill('SIGKILL')
      assert.equal(await killed.ended, 'SIGKILL')
      await last.rollback()
      const next = child('drill-1')
      assert.equal(await next.ended, 0)
      assert.deepEqual([lineOf(next).raised, lineOf(next).alert], [0, 1])
      assert.equal((await alerts()).length, 1)
      assert.equal((await database.db('outbox').where({ scope: 'alerts' })).length, 1)
    })

    const bad: Record<string, [json: string, says: RegExp]> = {
      'no JSON': ['{"text":', /^BELFRY_ALERT is not JSON\.$/],
      'nobody to go to': [order({ alert_all: false }), /alert\.object_ids must name an object/],
      'an unknown field': [order({ colour: 'red' }), /colour/],
      'a text that PostgreSQL cannot store': [order({ text: 'a\0b' }), /alert\.text must not contain NUL/],
      'nobody who raised it': [JSON.stringify({ alert }), /raised_by/],
    }
    for (const [what, [json, says]] of Object.entries(bad))
      it(`exits with 1 and a plain line for ${what}`, async () => {
        const one = child('drill-1', json)
        assert.equal(await one.ended, 1, one.stdout)
        const { message, error } = lineOf(one)
        assert.match(message, says)
        assert.equal(error, undefined)
        assert.deepEqual([(await alerts()).length, (await database.db('alert_keys')).length], [0, 0])
      })

    it('needs both settings, which other jobs do not look at', async () => {
      const env = { PATH: process.env.PATH, BELFRY_DATABASE_URL: database.url }
      const without = runChild(main, ['raise'], env)
      assert.equal(await without.ended, 1)
      assert.match(without.stderr, /BELFRY_ALERT is not set.*BELFRY_ALERT_KEY is not set/s)
      const other = runChild(main, ['statuses'], { ...env, BELFRY_ALERT: '{', BELFRY_ALERT_KEY: 'x' })
      assert.equal(await other.ended, 0)
    })
  })
})
