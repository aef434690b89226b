import assert from 'node:assert/strict'
import { alertsTestKit, TestClock } from '#internal/alerts/kit.test'
import { createReadiness } from '#internal/health/server'
import { createPostgresLog } from '#internal/log/postgres/log'
import type { LogPlatform } from '#internal/platform/log'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { startWorker } from './start.ts'

describe('the worker', () => {
  const clock = new TestClock()
  let database: TestDatabase
  let kit: ReturnType<typeof alertsTestKit>
  let platform: LogPlatform
  const stops: (() => void | Promise<void>)[] = []
  const lifecycle = { onStop: (_: string, stop: () => void | Promise<void>) => stops.push(stop), shutdown: () => {} }

  before(async () => {
    database = await testDatabase()
    const { db } = database
    kit = alertsTestKit(db, clock)
    const metrics = createMetrics('test')
    const log = createPostgresLog({ db, logger: silentLog, metrics })
    platform = { db, log, logger: silentLog, metrics, readiness: createReadiness(), pollMs: 15 }
  })
  after(async () => {
    for (const stop of stops.toReversed()) await stop()
    await database.drop()
  })

  const events = (scope: string) => database.db('events').where({ scope }).orderBy('position')

  it('moves events into the log, marks into receipts, and counts to dispatchers; two of them do it once', async () => {
    const config = { DATABASE_URL: database.url, DELIVERY_ATTEMPTS: 8, DELIVERY_CONCURRENCY: 8 }
    const workers = [1, 2].map(() => startWorker(lifecycle, platform, config, clock))
    const ids = [await kit.anObject(), await kit.anObject()]
    const alert = await kit.anAlert({ objectIds: ids })
    for (const worker of workers) worker.wake()
    const [own] = await waitFor(
      async () => {
        const found = await events(`object:${ids[0]}`)
        return found.length > 0 && found
      },
      { what: 'the alert in the log' },
    )
    await platform.log.sendMarks([kit.delivered(ids[0]!, own.position), kit.mark('read', ids[1]!, alert.id)])
    const last = await waitFor(
      async () => (await events('alerts')).findLast(({ data }) => JSON.parse(data).counts?.delivered === 2),
      { what: 'the counts in the log' },
    )
    assert.equal(last.event, 'alert.receipt_advanced')
    const counts = { targeted: 2, delivered: 2, read: 1, acknowledged: 0 }
    assert.deepEqual(JSON.parse(last.data), { alert_id: alert.id, counts })
    assert.deepEqual(await database.db('dead_letters'), [])
  })
})
