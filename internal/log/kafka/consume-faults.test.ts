import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { testPostgres } from '#internal/testing/postgres'
import { joined, LogBed, noting } from './testing.ts'

describeWithKafka('consuming events while something is away', () => {
  let brokers: string[]
  let bed: LogBed
  let proxy: KafkaProxy
  beforeEach(async () => {
    brokers = await testKafka()
    bed = await LogBed.make(brokers)
    proxy = bed.use(await startKafkaProxy(brokers[0]!))
  })
  afterEach(() => bed.stop())

  it('handles what the topic lost, and in the order of each scope', async function () {
    this.timeout(100_000)
    await bed.relay()
    await joined(
      bed.member({
        handler: async (trx, event) => {
          await delay(2)
          await noting()(trx, event)
        },
      }),
    )
    await bed.writeMany(15)
    await bed.published()
    const recreated = bed.recreateEvents()
    await bed.writeMany(5)
    await recreated
    await bed.writeMany(5)
    await bed.allHandled(500, 18_000)
    await bed.published()
    await bed.consumed()
  })

  it('waits for PostgreSQL', async () => {
    await bed.relay()
    await joined(bed.member())
    await bed.writeMany(10)
    const name = new URL(bed.database.url).pathname.slice(1)
    const admin = new pg.Client({ connectionString: (await testPostgres()).adminUrl })
    await admin.connect()
    await admin.query(`alter database ${name} allow_connections false`)
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
    await delay(2000)
    await admin.query(`alter database ${name} allow_connections true`)
    await admin.end()
    await bed.writeMany(1)
    await bed.allHandled(220)
    assert.deepEqual(await bed.database.db('dead_letters'), [])
  })

  it('goes on from PostgreSQL while Kafka is away, and over Kafka when it is back', async function () {
    this.timeout(100_000)
    await bed.relay(proxy.broker)
    await joined(bed.member({ connect: bed.connect(proxy.broker) }))
    await bed.writeMany(2)
    await bed.allHandled(40)
    await proxy.away()
    await bed.writeMany(2)
    await bed.allHandled(80, 8000)
    await bed.writeMany(2)
    await bed.allHandled(120, 8000)
    await proxy.back()
    await bed.published()
    await bed.writeMany(2)
    await bed.allHandled(160)
    await bed.published()
    await bed.consumed()
  })

  it('goes on from PostgreSQL while the group will not have it', async () => {
    await bed.relay()
    // Shorter than the brokers allow.
    const part = bed.member({ sessionMs: 100 })
    await bed.writeMany(2)
    await bed.allHandled(40, 8000)
    assert.deepEqual(part.member.assigned, [])
  })

  it('joins again with a new consumer when one has crashed', async () => {
    await bed.relay()
    let clients = 0
    const part = bed.member({
      connect: () => {
        const client = bed.connect()()
        const { consumer } = client.kafka
        // Shorter than the brokers allow: kafkajs gives such a consumer up for good.
        if (clients++ < 2)
          client.kafka.consumer = (options) => consumer.call(client.kafka, { ...options!, sessionTimeout: 700 })
        return client
      },
    })
    await joined(part)
    assert.equal(clients, 3)
    await bed.writeMany(1)
    await bed.allHandled(20)
  })

  for (const [state, break_] of [
    ['is away', () => proxy.away()],
    ['hangs', () => proxy.freeze()],
  ] as const)
    it(`stops soon while Kafka ${state}, joined or not`, async () => {
      const part = bed.member({ connect: bed.connect(proxy.broker) })
      await joined(part)
      await break_()
      const other = bed.member({ connect: bed.connect(proxy.broker), groupId: 'other' })
      await delay(200)
      const start = performance.now()
      await Promise.all([part.stop(), other.stop()])
      const ms = performance.now() - start
      assert.ok(ms < 5000, `it took ${Math.round(ms)} ms`)
    })
})
