import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import kafkajs from 'kafkajs'
import { PlainError } from '#internal/runtime/plain-error'
import { silentLog } from '#internal/telemetry/log'
import { testDatabase } from '#internal/testing/database'
import { temporaryDirectory } from '#internal/testing/directory'
import { type KafkaCluster, startKafkaCluster } from '#internal/testing/kafka/cluster'
import { describeWithKafkaJars } from '#internal/testing/kafka/describe'
import { waitFor } from '#internal/testing/wait-for'
import { prepareKafka } from './prepare.ts'
import { kafkaTestConfig, LogBed, newPrefix } from './testing.ts'

describeWithKafkaJars('the log on a broker', () => {
  let kafka: KafkaCluster
  let remove: () => Promise<void>
  before(async function () {
    this.timeout(120_000)
    const made = await temporaryDirectory()
    remove = made.remove
    kafka = await startKafkaCluster({
      nodes: 1,
      directory: made.directory,
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
        // One that was killed comes back only when the session that it had is over; 9 seconds unless told otherwise.
        'broker.session.timeout.ms': '2000',
        'broker.heartbeat.interval.ms': '500',
      },
    })
  })
  after(async () => {
    await kafka?.stop()
    await remove?.()
  })

  it('loses, repeats and reorders nothing when the broker is killed', async function () {
    this.timeout(90_000)
    const bed = await LogBed.make(kafka.brokers)
    try {
      await bed.relay()
      const follower = await bed.follower()
      const log = await bed.log()
      const handled: number[] = []
      bed.use(log.consume('test', async (_trx, { position }) => void handled.push(position)))
      let written = 0
      const write = async (times: number) => {
        for (let i = 0; i < times; i++) {
          await bed.write(...Array.from({ length: 10 }, (_, n) => n))
          written += 10
          await delay(20)
        }
        await waitFor(() => follower.seen.length >= written, { what: `${written} events` })
      }
      const byKafka = async () => {
        const before = await follower.from('kafka')
        for (let i = 0; i < 100 && (await follower.from('kafka')) === before; i++) await write(10)
        assert.notEqual(await follower.from('kafka'), before)
      }
      const node = kafka.nodes[0]!
      await byKafka()
      await Promise.all([write(60), delay(300).then(() => node.kill('SIGKILL'))])
      await write(10)
      await node.start()
      await byKafka()
      await waitFor(() => handled.length >= written, { what: 'all to be handled', timeoutMs: 40_000 })
      const all = Array.from({ length: written }, (_, i) => i + 1)
      assert.deepEqual(
        follower.seen.map(({ position }) => position),
        all,
      )
      assert.deepEqual(
        handled.toSorted((a, b) => a - b),
        all,
      )
    } finally {
      await bed.stop()
    }
  })

  it('says what it may not do', async () => {
    const { db, drop } = await testDatabase()
    const prefix = newPrefix()
    const bed = await LogBed.make(kafka.brokers)
    try {
      await bed.admin.createAcls({
        acl: [
          {
            resourceType: kafkajs.AclResourceTypes.TOPIC,
            resourceName: prefix,
            resourcePatternType: kafkajs.ResourcePatternTypes.PREFIXED,
            principal: 'User:ANONYMOUS',
            host: '*',
            operation: kafkajs.AclOperationTypes.ALL,
            permissionType: kafkajs.AclPermissionTypes.DENY,
          },
        ],
      })
      await assert.rejects(prepareKafka(db, kafkaTestConfig(kafka.brokers, prefix), silentLog), (error) => {
        assert.ok(error instanceof PlainError, String(error))
        assert.match(error.message, /^Kafka at \S+ cannot be used: .*[Aa]uthorized/)
        return true
      })
    } finally {
      await bed.stop()
      await drop()
    }
  })
})
