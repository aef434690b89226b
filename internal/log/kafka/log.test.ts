import assert from 'node:assert/strict'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { runChild } from '#internal/testing/child'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { waitFor } from '#internal/testing/wait-for'
import { describeLog } from '../suite.ts'
import { createKafkaLog } from './log.ts'
import { kafkaTestLog, LogBed } from './testing.ts'

describeWithKafka('the log on Kafka', () => {
  describeLog('kafka', async (database) => {
    const log = await kafkaTestLog(database, await testKafka())
    return { log, close: () => log.close() }
  })

  it('says at once what is wrong with the settings', async () => {
    const bed = await LogBed.make(await testKafka())
    const wrong = { KAFKA_TLS: 'on', KAFKA_TLS_CA_FILE: '/nowhere/ca.pem' } as const
    const { db } = bed.database
    const config = { ...bed.config(), ...wrong }
    const made = createKafkaLog({ db, config, logger: silentLog, metrics: createMetrics('test') })
    await assert.rejects(made, /^PlainError: BELFRY_KAFKA_TLS_CA_FILE cannot be read/)
    await bed.stop()
  })

  const states: [string, (proxy: KafkaProxy) => void | Promise<void>][] = [
    ['Kafka answers', () => undefined],
    ['Kafka hangs', (proxy) => proxy.freeze()],
    [
      'connections broke again and again, and Kafka is away',
      async (proxy) => {
        for (let i = 0; i < 10; i++) {
          proxy.mute()
          await delay(70)
          proxy.reset()
        }
        await proxy.away()
      },
    ],
  ]
  for (const [state, enter] of states)
    it(`leaves nothing open in a process that stops when ${state}`, async () => {
      const brokers = await testKafka()
      const bed = await LogBed.make(brokers)
      const proxy = bed.use(await startKafkaProxy(brokers[0]!))
      const child = runChild(path.join(import.meta.dirname, 'log-child.ts'), [
        bed.database.url,
        proxy.broker,
        bed.config().KAFKA_PREFIX,
      ])
      try {
        await waitFor(() => child.stdout === 'started\n', { what: `the child to start: ${child.stderr}` })
        await enter(proxy)
        await delay(200)
        const start = performance.now()
        child.process.kill('SIGTERM')
        await waitFor(() => child.stdout === 'started\nstopped\n', { what: 'everything to stop' })
        const stoppedMs = performance.now() - start
        assert.deepEqual([await child.ended, child.stderr], [0, ''])
        const endedMs = performance.now() - start
        assert.ok(stoppedMs < 6000 && endedMs < 12_000, `stopped after ${stoppedMs} ms, ended after ${endedMs} ms`)
      } finally {
        child.process.kill('SIGKILL')
        await bed.stop()
      }
    })
})
