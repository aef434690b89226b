import assert from 'node:assert/strict'
import { createPool, poolState } from '#internal/db/pool'
import { createReadiness, startInternalServer } from '#internal/health/server'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { silentLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'

/** Value of a metric by its name with all labels but `role`; undefined when it is not shown. */
async function value(metrics: Metrics, name: string): Promise<number | undefined> {
  const lines = (await metrics.registry.metrics())
    .split('\n')
    .map((line) => line.replace(/,role="\w+"|role="\w+",?/, ''))
  const found = lines.find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{} `))
  return found === undefined ? undefined : Number(found.split(' ').at(-1))
}

describe('metrics', () => {
  it('are those of the role', async () => {
    const has = async (role: string) => {
      const text = await createMetrics(role).registry.metrics()
      const marks = { api: 'http_server_request_', push: 'belfry_push_', worker: 'belfry_outbox_' }
      const all = { ...marks, operator: 'belfry_operator_', database: 'belfry_database_' }
      return Object.entries(all).flatMap(([part, mark]) => (text.includes(`# TYPE ${mark}`) ? [part] : []))
    }
    assert.deepEqual(await has('api'), ['api', 'database'])
    assert.deepEqual(await has('push'), ['push', 'database'])
    assert.deepEqual(await has('worker'), ['worker', 'database'])
    assert.deepEqual(await has('operator'), ['operator'])
    assert.deepEqual(await has('all'), ['api', 'push', 'worker', 'database'])
  })

  it('say which version runs', async () => {
    const text = await createMetrics('api').registry.metrics()
    assert.match(text, /^belfry_build_info\{version="\d+\.\d+\.\d+[^"]*",role="api"\} 1$/m)
  })

  it('begin at 0 where the labels are known', async () => {
    const metrics = createMetrics('test')
    assert.equal(await value(metrics, 'belfry_api_requests_total{outcome="failure"}'), 0)
    assert.equal(await value(metrics, 'belfry_delivery_seconds_count{event="message.posted"}'), 0)
    assert.equal(await value(metrics, 'belfry_push_opened_total{kind="inbox"}'), 0)
    assert.equal(await value(metrics, 'belfry_marks_total{kind="read"}'), 0)
    assert.equal(await value(metrics, 'belfry_push_opened_total{kind="none"}'), undefined)
  })

  it('have a bound at what objectives are measured at', async () => {
    const name = 'belfry_delivery_seconds_bucket{le="0.5",event="alert.raised"}'
    assert.equal(await value(createMetrics('push'), name), 0)
  })

  it('are answered without one that cannot be read, which is counted', async () => {
    const metrics = createMetrics('test')
    metrics.watchBuffered(() => {
      throw new Error('no sockets')
    })
    const options = { host: '127.0.0.1', port: 0, registry: metrics.registry, readiness: createReadiness() }
    const server = await startInternalServer({ ...options, log: silentLog })
    const scrape = () => fetch(`http://127.0.0.1:${server.port}/metrics`)
    try {
      assert.equal((await scrape()).status, 200)
      const text = await (await scrape()).text()
      assert.match(text, /^belfry_push_sockets\{/m)
      assert.doesNotMatch(text, /belfry_push_buffered_bytes/)
      assert.match(text, /^belfry_scrape_errors_total\{role="test"\} 1$/m)
    } finally {
      await server.close()
    }
  })
})

describe('metrics of the pool', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase()
  })
  after(() => database.drop())

  it('are what it does at the moment, and stay when it is gone', async () => {
    const db = createPool({ url: database.url, max: 1, name: 'test' })
    const metrics = createMetrics('test')
    metrics.watchPool(() => poolState(db))
    const read = (what: string) => value(metrics, `belfry_database_pool_${what}`)
    const trx = await db.transaction()
    const other = db.raw('select 1').then(() => undefined)
    await waitFor(async () => (await read('waiting_requests')) === 1, { what: 'somebody to wait' })
    assert.deepEqual([await read('used_connections'), await read('max_connections')], [1, 1])
    await trx.rollback()
    await other
    assert.deepEqual([await read('waiting_requests'), await read('idle_connections')], [0, 1])
    await db.destroy()
    assert.equal(await read('max_connections'), 1)
    assert.equal(await value(metrics, 'belfry_scrape_errors_total'), 0)
  })
})
