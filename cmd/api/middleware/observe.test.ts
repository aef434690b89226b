import assert from 'node:assert/strict'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { serve } from '../http/serve.ts'
import { testConfig } from '../http/testing.ts'
import { startApi } from '../start.ts'

describe('requests', () => {
  it('are counted by whether the API failed, and probes are not', async () => {
    const db = createPool({ url: 'postgres://belfry@127.0.0.1:1/none', max: 1, name: 'test' })
    const metrics = createMetrics('test')
    const { callback } = startApi({ db, logger: silentLog, metrics }, testConfig)
    const server = await serve(callback, 0, '127.0.0.1')
    const get = async (path: string, token?: string) => {
      const headers = token ? { authorization: `Bearer ${token}` } : undefined
      return (await fetch(`http://127.0.0.1:${server.port}${path}`, headers && { headers })).status
    }
    try {
      assert.deepEqual(await Promise.all(['/ping', '/nowhere', '/api/v1/me'].map((path) => get(path))), [200, 404, 401])
      assert.equal(await get('/api/v1/me', '0'.repeat(64)), 503)
      const { values } = await metrics.apiRequests.get()
      assert.deepEqual(
        values.map(({ labels, value }) => [labels.outcome, value]),
        [
          ['success', 2],
          ['failure', 1],
        ],
      )
    } finally {
      await server.close()
      await db.destroy()
    }
  })
})
