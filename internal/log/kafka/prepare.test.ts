import assert from 'node:assert/strict'
import kafkajs, { type Admin } from 'kafkajs'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { PlainError } from '#internal/runtime/plain-error'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type Client, createClient } from './client.ts'
import { createKafkaLog } from './log.ts'
import { topicsOf } from './names.ts'
import { prepareKafka } from './prepare.ts'
import { readPublished } from './progress.ts'
import { kafkaTestConfig, newPrefix } from './testing.ts'

const oneLine = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof PlainError, String(error))
  assert.doesNotMatch(error.message, /\n/)
  assert.match(error.message, pattern)
  return true
}

describeWithKafka('preparing Kafka for the log', () => {
  let brokers: string[]
  let database: TestDatabase
  let client: Client
  let admin: Admin
  let prefix: string
  before(async () => {
    brokers = await testKafka()
    client = createClient(kafkaTestConfig(brokers), silentLog)
    admin = client.kafka.admin()
  })
  beforeEach(async () => {
    database = await testDatabase()
    prefix = newPrefix()
  })
  afterEach(() => database.drop())
  after(() => client.close())

  const config = (more: NodeJS.ProcessEnv = {}) => kafkaTestConfig(brokers, prefix, more)
  const prepare = (more?: NodeJS.ProcessEnv) => prepareKafka(database.db, config(more), silentLog)
  const made = (topic: string, numPartitions: number) =>
    admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false })

  async function settingOf(topic: string, name: string) {
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: [name] }
    const { resources } = await admin.describeConfigs({ resources: [resource], includeSynonyms: false })
    return resources[0]!.configEntries[0]!.configValue
  }

  it('makes the topics, once', async () => {
    const settings = { BELFRY_KAFKA_PARTITIONS: '5', BELFRY_KAFKA_REPLICATION: '1', BELFRY_KAFKA_MIN_INSYNC: '1' }
    const { events, receipts } = topicsOf(prefix)
    const first = await prepare(settings)
    assert.deepEqual({ ...first, created: first.created.toSorted() }, { created: [events, receipts], problems: [] })
    for (const topic of [events, receipts]) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      assert.deepEqual(
        topics[0]!.partitions.map(({ replicas }) => replicas.length),
        [1, 1, 1, 1, 1],
      )
      assert.equal(await settingOf(topic, 'min.insync.replicas'), '1')
    }
    assert.equal(await settingOf(events, 'retention.ms'), String(24 * 3_600_000))
    assert.equal(await settingOf(receipts, 'retention.ms'), String(7 * 24 * 3_600_000))
    assert.deepEqual((await readPublished(database.db)).byPartition, [0, 0, 0, 0, 0])
    assert.deepEqual(await prepare(settings), { created: [], problems: [] })
  })

  it('does no harm when two do it at once', async () => {
    const reports = await Promise.all([prepare(), prepare(), prepare()])
    for (const { problems } of reports) assert.deepEqual(problems, [])
    assert.equal((await readPublished(database.db)).byPartition.length, 4)
  })

  it('takes what is in the log by then as published', async () => {
    await database.db('log_head').update({ position: 77 })
    await prepare()
    assert.deepEqual(await readPublished(database.db), { position: 77, byPartition: [77, 77, 77, 77] })
  })

  it('takes as many partitions as a topic has that is there', async () => {
    await made(topicsOf(prefix).events, 7)
    const { created, problems } = await prepare()
    assert.deepEqual([created, problems], [[topicsOf(prefix).receipts], []])
    assert.equal((await readPublished(database.db)).byPartition.length, 7)
    assert.deepEqual(await prepare({ BELFRY_KAFKA_PARTITIONS: '9' }), { created: [], problems: [] })
  })

  it('says what is wrong with topics that are there', async () => {
    await prepare()
    const other = newPrefix()
    await made(topicsOf(other).events, 3)
    const settings = { BELFRY_KAFKA_PREFIX: other, BELFRY_KAFKA_REPLICATION: '2', BELFRY_KAFKA_MIN_INSYNC: '2' }
    await made(topicsOf(other).receipts, 4)
    const { problems } = await prepare(settings)
    assert.deepEqual(problems, [
      `${other}.events has 3 partitions and needs 4`,
      `${other}.events has 1 replicas, not 2`,
      `${other}.events has min.insync.replicas=1, not 2`,
      `${other}.receipts has 1 replicas, not 2`,
      `${other}.receipts has min.insync.replicas=1, not 2`,
    ])
  })

  it('says when the cluster is too small', async () => {
    await assert.rejects(
      prepare({ BELFRY_KAFKA_REPLICATION: '3' }),
      oneLine(new RegExp(`${prefix}.events: Replication-factor is invalid; ${prefix}.receipts: Replication`)),
    )
  })

  it('says when nobody answers, or not over TLS', async () => {
    const nobody = `127.0.0.1:${await findFreePort()}`
    await assert.rejects(
      prepare({ BELFRY_KAFKA_BROKERS: nobody }),
      oneLine(new RegExp(`^Kafka at ${nobody} cannot be used: Connection error: connect ECONNREFUSED`)),
    )
    await assert.rejects(
      prepare({ BELFRY_KAFKA_BROKERS: 'nowhere.invalid:9092' }),
      oneLine(/^Kafka at nowhere.invalid:9092 cannot be used: Connection error: getaddrinfo/),
    )
    await assert.rejects(
      prepare({ BELFRY_KAFKA_TLS: 'on' }),
      oneLine(/cannot be used: Connection error: Client network socket disconnected before secure TLS connection/),
    )
  })

  it('says when settings are missing or wrong', async () => {
    const cases: [NodeJS.ProcessEnv, RegExp][] = [
      [{ BELFRY_KAFKA_BROKERS: undefined }, /^BELFRY_KAFKA_BROKERS is not set/],
      [
        { BELFRY_KAFKA_SASL: 'plain' },
        /^BELFRY_KAFKA_SASL=plain needs BELFRY_KAFKA_USERNAME and BELFRY_KAFKA_PASSWORD/,
      ],
      [
        { BELFRY_KAFKA_TLS: 'on', BELFRY_KAFKA_TLS_CA_FILE: '/nowhere/ca.pem' },
        /^BELFRY_KAFKA_TLS_CA_FILE cannot be read: ENOENT/,
      ],
    ]
    for (const [settings, pattern] of cases) await assert.rejects(prepare(settings), oneLine(pattern))
  })

  it('has to happen before there is a log', async () => {
    const { db } = database
    await assert.rejects(
      createKafkaLog({ db, config: config(), logger: silentLog, metrics: createMetrics('test') }),
      oneLine(/^The log has not been prepared for Kafka/),
    )
  })
})
