import assert from 'node:assert/strict'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics, type Metrics } from '#internal/telemetry/metrics'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { waitFor } from '#internal/testing/wait-for'
import { brisk, createClient } from './client.ts'
import { type GroupMember, joinGroup } from './group.ts'
import { startMonitor } from './monitor.ts'
import { LogBed } from './testing.ts'

const intervalMs = 250

describeWithKafka('the monitor of Kafka', () => {
  let bed: LogBed
  let proxy: KafkaProxy
  let members: Set<GroupMember>
  let metrics: Metrics
  beforeEach(async () => {
    const brokers = await testKafka()
    bed = await LogBed.make(brokers)
    proxy = bed.use(await startKafkaProxy(brokers[0]!))
    members = new Set()
    metrics = createMetrics('test')
  })
  afterEach(() => bed.stop())

  function monitor() {
    const config = bed.config(proxy.broker)
    return bed.use(
      startMonitor({
        connect: () => createClient(config, silentLog, brisk),
        topics: { topics: bed.topics, partitions: 4, replication: undefined, minInSync: undefined },
        members,
        logger: silentLog,
        metrics,
        intervalMs,
      }),
    )
  }

  const shown = async (gauge: 'kafkaLagRecords' | 'kafkaLagSeconds') => (await metrics[gauge].get()).values[0]?.value

  it('makes topics again that were deleted, also those that it has looked at', async () => {
    const config = bed.config()
    const member = joinGroup({
      connect: () => createClient(config, silentLog),
      groupId: `${config.KAFKA_PREFIX}.test`,
      topic: bed.topics.events,
      batchSize: 10,
      handle: async () => undefined,
      logger: silentLog,
      metrics,
      sessionMs: 6000,
    })
    members.add(bed.use(member))
    monitor()
    await waitFor(async () => (await shown('kafkaLagRecords')) === 0, { what: 'a first look' })
    for (const topic of Object.values(bed.topics)) {
      await bed.admin.deleteTopics({ topics: [topic] })
      await waitFor(
        async () => {
          const { topics } = await bed.admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }))
          return topics[0]?.partitions.length === 4
        },
        { what: `${topic} to be there again` },
      )
    }
  })

  it('says how far a group is behind, in records and in seconds', async () => {
    const log = await bed.log()
    const config = bed.config()
    const open = Promise.withResolvers<void>()
    const member = joinGroup({
      connect: () => createClient(config, silentLog),
      groupId: `${config.KAFKA_PREFIX}.test`,
      topic: bed.topics.receipts,
      batchSize: 10,
      handle: () => open.promise,
      logger: silentLog,
      metrics,
      sessionMs: 6000,
    })
    members.add(bed.use(member))
    monitor()
    const at = new Date().toISOString()
    await log.sendMarks(Array.from({ length: 30 }, (_, n) => ({ kind: 'delivered', object_id: n, position: 1, at })))
    await waitFor(async () => (await shown('kafkaLagRecords')) === 30, { what: 'a lag of 30 records' })
    await waitFor(async () => (await shown('kafkaLagSeconds'))! > 1, { what: 'a lag of a second' })
    open.resolve()
    await waitFor(async () => (await shown('kafkaLagRecords')) === 0, { what: 'no lag in records' })
    await waitFor(async () => (await shown('kafkaLagSeconds')) === 0, { what: 'no lag in seconds' })
  })

  it('has a member join again that gets nothing although there is something', async () => {
    const log = await bed.log()
    const at = new Date().toISOString()
    await log.sendMarks([{ kind: 'delivered', object_id: 1, position: 1, at }])
    let restarts = 0
    const hanging: GroupMember = {
      groupId: `${bed.config().KAFKA_PREFIX}.hanging`,
      topic: bed.topics.receipts,
      assigned: [0, 1, 2, 3],
      pendingSeconds: () => 0,
      restart: () => restarts++,
      stop: async () => undefined,
    }
    members.add(hanging)
    monitor()
    await waitFor(async () => (await shown('kafkaLagSeconds'))! > 0, { what: 'a lag' })
    assert.equal(restarts, 0)
    await waitFor(() => restarts > 0, { what: 'a restart' })
  })

  it('says whether the brokers answer', async () => {
    await proxy.away()
    const { isReachable } = monitor()
    assert.equal(isReachable(), false)
    await proxy.back()
    await waitFor(isReachable, { what: 'the brokers to be reachable' })
    await proxy.away()
    await waitFor(() => !isReachable(), { what: 'the brokers to be away' })
    await proxy.back()
    await waitFor(isReachable, { what: 'the brokers to be back' })
    proxy.freeze()
    await waitFor(() => !isReachable(), { what: 'the brokers to hang' })
    proxy.thaw()
    await waitFor(isReachable, { what: 'the brokers to go on' })
  })

  it('stops at once while they hang', async () => {
    const part = monitor()
    await waitFor(part.isReachable, { what: 'the brokers to be reachable' })
    proxy.freeze()
    await waitFor(() => !part.isReachable(), { what: 'the brokers to hang' })
    const start = performance.now()
    await part.stop()
    assert.ok(performance.now() - start < 2000)
  })
})
