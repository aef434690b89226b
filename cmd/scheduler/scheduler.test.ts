import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { readConfig } from '#internal/config/read'
import { headPosition } from '#internal/log/head'
import { partitionSize } from '#internal/log/partitions'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { schedulerSettings } from './config.ts'
import { jobs } from './jobs/index.ts'
import { startTimer } from './timer.ts'

const dayMs = 24 * 60 * 60 * 1000
const config = readConfig({}, schedulerSettings)

describe('the scheduler', () => {
  const clock = { now: () => new Date('2026-06-01T00:00:00Z') }
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const runJob = (name: string) => jobs.get(name)!({ db: database.db, clock, config, logger: silentLog })
  const ago = (ms: number) => new Date(clock.now().getTime() - ms)
  const partitionNames = async (): Promise<string[]> => {
    const { rows } = await database.db.raw(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'events'::regclass order by 1`,
    )
    return rows.map((row: { name: string }) => row.name)
  }
  const accountWithSession = async (expires_at: Date) => {
    const created_at = ago(dayMs)
    const account = { username: 'ann', role: 'member', password_hash: 'none', created_at }
    const [{ id }] = await database.db('accounts').insert(account).returning('id')
    await database.db('sessions').insert({ account_id: id, token_hash: Buffer.from('x'), created_at, expires_at })
    return id
  }

  /** Runs `scheduler <job>` as a process of its own. */
  const scheduler = (job: string) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const main = path.join(import.meta.dirname, 'main.ts')
      const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
      const env = { PATH: process.env.PATH, BELFRY_DATABASE_URL: database.url }
      execFile(process.execPath, [...flags, main, job], { env }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      )
    })

  it('makes partitions ahead and drops those older than the retention, whoever else does', async () => {
    const event = { scope: 'alerts', event: 'alert.raised', data: '{}' }
    await database.db('events').insert([
      { ...event, position: 1, at: ago(31 * dayMs) },
      { ...event, position: partitionSize, at: ago(29 * dayMs) },
    ])
    await database.db('log_head').update({ position: 2 * partitionSize })
    const dropped = await Promise.all([1, 2, 3].map(() => runJob('partitions')))
    assert.equal(
      dropped.reduce((sum, result) => sum + result.dropped!, 0),
      1,
    )
    const numbers = (await partitionNames()).map((name) => Number(name.slice(-6)))
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6])
    assert.equal(await headPosition(database.db), 2 * partitionSize)
  })

  it('gives up on partitions rather than hold everybody up behind a long reader', async () => {
    const reader = await database.db.transaction()
    await reader.raw('select from events')
    await assert.rejects(
      runJob('partitions').then(() => runJob('partitions')),
      /lock timeout/,
    )
    await reader.rollback()
    await runJob('partitions')
  })

  it('deletes what has run out, and nothing else', async () => {
    const id = await accountWithSession(ago(1))
    const session = { account_id: id, token_hash: Buffer.from('y'), created_at: ago(1), expires_at: ago(-1000) }
    await database.db('sessions').insert(session)
    const key = { account_id: id, fingerprint: Buffer.from(''), status: 201, body: '{}' }
    await database.db('idempotency_keys').insert([
      { ...key, key: 'old', created_at: ago(dayMs + 1000) },
      { ...key, key: 'new', created_at: ago(1000) },
    ])
    await Promise.all([runJob('cleanup'), runJob('cleanup')])
    assert.equal((await database.db('sessions')).length, 1)
    assert.deepEqual(await database.db('idempotency_keys').pluck('key'), ['new'])
  })

  it('takes expired statuses out, each once', async () => {
    const id = await accountWithSession(ago(-dayMs))
    await database.db('statuses').insert({ account_id: id, status: 'away', expires_at: ago(1) })
    const expired = await Promise.all([runJob('statuses'), runJob('statuses')])
    assert.equal(
      expired.reduce((sum, result) => sum + result.expired!, 0),
      1,
    )
    assert.equal((await database.db('outbox').where({ event: 'status.expired' })).length, 1)
  })

  it('runs one job as a process, says what it did and exits', async () => {
    const { code, stdout } = await scheduler('partitions')
    assert.equal(code, 0, stdout)
    const line = JSON.parse(stdout)
    assert.deepEqual([line.job, line.dropped, typeof line.ms], ['partitions', 0, 'number'])
  })

  it('exits with 1 and one line for an unknown job', async () => {
    const { code, stderr } = await scheduler('party')
    assert.deepEqual(
      [code, stderr],
      [
        1,
        'There is no job "party". The jobs are: attachments, cleanup, escalations, feed, partitions, raise, schedules, statuses.\n',
      ],
    )
  })

  it('exits with 1 when the job fails', async () => {
    await database.db.raw('drop table statuses')
    const { code, stdout } = await scheduler('statuses')
    assert.equal(code, 1)
    assert.match(JSON.parse(stdout).message, /^job failed: .*statuses/)
  })

  it('waits for migrations', async () => {
    const [taken] = await database.db('schema_migrations').where({ name: '005-statuses' }).delete().returning('*')
    const child = runChild(path.join(import.meta.dirname, 'main.ts'), ['statuses'], {
      PATH: process.env.PATH,
      BELFRY_DATABASE_URL: database.url,
    })
    await waitFor(() => /lacks 005-statuses/.test(child.stdout), { what: 'the wait' })
    await database.db('schema_migrations').insert(taken)
    assert.equal(await child.ended, 0)
    assert.match(child.stdout, /"job done"/)
  })

  it('runs every job within a process of all roles', async () => {
    await accountWithSession(new Date(Date.now() - 1000))
    const stops: (() => void | Promise<void>)[] = []
    const lifecycle = { onStop: (_: string, stop: () => void | Promise<void>) => stops.push(stop), shutdown: () => {} }
    const { db } = database
    const platform = { db, logger: silentLog, metrics: createMetrics('test') } as Parameters<typeof startTimer>[1]
    startTimer(lifecycle, platform, config)
    await waitFor(async () => (await partitionNames()).length === 5, { what: 'partitions ahead' })
    await waitFor(async () => (await db('sessions')).length === 0, { what: 'the expired session to go' })
    for (const stop of stops.toReversed()) await stop()
  })
})
