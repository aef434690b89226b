import assert from 'node:assert/strict'
import { readConfig } from '#internal/config/read'
import { listJobRuns } from '#internal/jobs/store'
import { silentLog } from '#internal/telemetry/log'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { schedulerSettings } from './config.ts'
import { jobs, periods } from './jobs/index.ts'
import type { Job } from './jobs/job.ts'
import { runJob } from './run-job.ts'

describe('a run of a job', () => {
  let database: TestDatabase
  let now = new Date('2026-06-01T00:00:00Z')
  const clock = { now: () => now }
  beforeEach(async () => {
    database = await testDatabase()
    now = new Date('2026-06-01T00:00:00Z')
  })
  afterEach(() => database.drop())

  const run = (job: Job, name = 'statuses') => {
    const { db } = database
    return runJob(name, job, { db, clock, config: readConfig({}, schedulerSettings), logger: silentLog })
  }
  const noted = async (name = 'statuses') => (await listJobRuns(database.db)).find((row) => row.name === name)!
  const fails: Job = () => Promise.reject(new Error('broken'))

  it('is expected of every job from the beginning', async () => {
    const rows = await listJobRuns(database.db)
    assert.deepEqual(
      rows.map(({ name, period_seconds }) => [name, period_seconds]),
      Object.entries(periods).toSorted(),
    )
    assert.deepEqual([...jobs.keys()].toSorted(), Object.keys(periods).toSorted())
    assert.ok(rows.every(({ known_at, succeeded_at }) => known_at instanceof Date && succeeded_at === null))
  })

  it('is noted when it starts and when it succeeds', async () => {
    await run(async () => {
      const { started_at, succeeded_at } = await noted()
      assert.deepEqual([started_at, succeeded_at], [clock.now(), null])
      now = new Date('2026-06-01T00:00:07Z')
      return {}
    })
    const row = await noted()
    assert.deepEqual([row.started_at, row.succeeded_at], [new Date('2026-06-01T00:00:00Z'), now])
    assert.ok(row.duration_seconds! >= 0 && row.duration_seconds! < 5)
  })

  it('is noted when it fails, and fails; a success ends the count', async () => {
    await run(async () => ({}))
    for (const failures of [1, 2]) {
      await assert.rejects(run(fails), /broken/)
      assert.equal((await noted()).failures, failures)
    }
    assert.deepEqual((await noted()).succeeded_at, clock.now())
    await run(async () => ({}))
    assert.equal((await noted()).failures, 0)
  })

  it('is noted of a job that has no period', async () => {
    await run(async () => ({}), 'party')
    const { period_seconds, succeeded_at } = await noted('party')
    assert.deepEqual([period_seconds, succeeded_at], [null, clock.now()])
  })

  it('does not fail because it cannot be noted', async () => {
    await database.db.raw('drop table job_runs')
    let ran = false
    await run(async () => {
      ran = true
      return {}
    })
    assert.ok(ran)
    await assert.rejects(run(fails), /broken/)
  })
})
