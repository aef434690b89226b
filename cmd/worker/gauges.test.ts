import assert from 'node:assert/strict'
import { recordEnd, recordStart } from '#internal/jobs/store'
import { emit } from '#internal/log/outbox'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { startGauges } from './gauges.ts'

const minuteMs = 60_000

describe('what the worker shows of the database', () => {
  let database: TestDatabase
  const now = new Date()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  /** Everything that is shown after one look, by name and labels. */
  async function shown(): Promise<Map<string, number>> {
    const metrics = createMetrics('worker')
    const gauges = startGauges({ db: database.db, logger: silentLog, metrics }, { now: () => now })
    const read = async () => {
      const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('belfry_'))
      const pairs = lines.map((line) =>
        line
          .replace(/,?role="\w+"/, '')
          .replace('{}', '')
          .split(' '),
      )
      return new Map(pairs.map(([name, value]) => [name!, Number(value)]))
    }
    try {
      // The jobs come last.
      return await waitFor(
        async () => {
          const values = await read()
          return values.has('belfry_job_period_seconds{job_name="statuses"}') && values
        },
        { what: 'the first look' },
      )
    } finally {
      await gauges.stop()
    }
  }

  it('is nothing where nothing waits', async () => {
    const values = await shown()
    for (const name of ['belfry_outbox_waiting_events', 'belfry_outbox_oldest_age_seconds', 'belfry_marks_waiting'])
      assert.equal(values.get(name), 0, name)
    assert.equal(values.get('belfry_overdue_seconds{work="schedules"}'), 0)
    assert.equal(values.get('belfry_overdue_seconds{work="escalations"}'), 0)
    assert.equal(values.get('belfry_log_position'), 0)
  })

  it('is what waits, and for how long', async () => {
    const { db } = database
    // Its age is by the clock of PostgreSQL.
    const emittedAt = new Date(Date.now() - 2 * minuteMs)
    await emit(db, [{ scope: 'alerts', event: 'alert.raised', data: {} }], emittedAt)
    await emit(db, [{ scope: 'alerts', event: 'alert.raised', data: {} }], now)
    await db('marks').insert({ mark: '{}' })
    await db('log_head').update({ position: 41 })
    await db('alert_deadlines').insert({ alert_id: 1, at: ago(3 * minuteMs) })
    const values = await shown()
    assert.equal(values.get('belfry_outbox_waiting_events'), 2)
    assert.equal(values.get('belfry_marks_waiting'), 1)
    assert.equal(values.get('belfry_log_position'), 41)
    assert.equal(values.get('belfry_overdue_seconds{work="escalations"}'), 180)
    const age = values.get('belfry_outbox_oldest_age_seconds')!
    assert.ok(age >= 120 && age < 180, String(age))
  })

  it('is no schedule that is yet to come', async () => {
    const account = { username: 'ann', role: 'dispatcher', password_hash: 'none', created_at: now }
    const [{ id: owner_id }] = await database.db('accounts').insert(account).returning('id')
    const schedule = { owner_id, kind: 'alert', content: '{}', at: now, created_at: now }
    await database.db('schedules').insert({ ...schedule, next_at: ago(-minuteMs) })
    assert.equal((await shown()).get('belfry_overdue_seconds{work="schedules"}'), 0)
    await database.db('schedules').insert({ ...schedule, next_at: ago(minuteMs) })
    assert.equal((await shown()).get('belfry_overdue_seconds{work="schedules"}'), 60)
  })

  it('is how the jobs went, and since when one is missed that never ran', async () => {
    const { db } = database
    const known = await db('job_runs').where({ name: 'cleanup' }).first('known_at')
    await recordStart(db, 'statuses', 60, ago(minuteMs))
    await recordEnd(db, 'statuses', { succeeded: true, seconds: 1.5 }, ago(minuteMs - 1500))
    await recordStart(db, 'statuses', 60, now)
    await recordEnd(db, 'statuses', { succeeded: false, seconds: 0.25 }, now)
    const values = await shown()
    const of = (what: string, job: string) => values.get(`belfry_job_${what}{job_name="${job}"}`)
    assert.equal(of('last_start_timestamp_seconds', 'statuses'), now.getTime() / 1000)
    assert.equal(of('last_success_timestamp_seconds', 'statuses'), ago(minuteMs - 1500).getTime() / 1000)
    assert.equal(of('last_duration_seconds', 'statuses'), 0.25)
    assert.equal(of('failures', 'statuses'), 1)
    assert.equal(of('period_seconds', 'statuses'), 60)
    assert.equal(of('last_success_timestamp_seconds', 'cleanup'), known.known_at.getTime() / 1000)
    assert.equal(of('last_start_timestamp_seconds', 'cleanup'), undefined)
  })
})
