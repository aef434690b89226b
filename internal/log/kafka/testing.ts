import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Admin, Kafka, KafkaMessage } from 'kafkajs'
import { readConfig } from '#internal/config/read'
import type { LogEvent, NewEvent } from '#internal/events/event'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics, type Metrics } from '#internal/telemetry/metrics'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { headPosition } from '../head.ts'
import type { EventHandler } from '../log.ts'
import { emit } from '../outbox.ts'
import { ensurePartitions } from '../partitions.ts'
import { startRelay } from '../relay.ts'
import { type Client, type Connect, createClient } from './client.ts'
import { type ConsumeOptions, consume } from './consume.ts'
import type { GroupMember } from './group.ts'
import { Batch, createCluster } from './internals.ts'
import { createKafkaLog, type KafkaLog, type KafkaLogConfig, kafkaLogSettings } from './log.ts'
import { groupOf, partitioner, type Topics, topicsOf } from './names.ts'
import { prepareKafka } from './prepare.ts'

/** Settings for topics with 4 partitions; a prefix of the caller's own unless one is given, `more` over all. */
export function kafkaTestConfig(brokers: string[], prefix = newPrefix(), more: NodeJS.ProcessEnv = {}): KafkaLogConfig {
  const own = { BELFRY_KAFKA_BROKERS: brokers.join(), BELFRY_KAFKA_PREFIX: prefix, BELFRY_KAFKA_PARTITIONS: '4' }
  return readConfig({ ...own, ...more }, kafkaLogSettings)
}

export const newPrefix = () => `belfry_test_${randomBytes(6).toString('hex')}`

/** A prefix that is the database's own. */
export const prefixOf = (database: TestDatabase): string => new URL(database.url).pathname.slice(1)

/** A log as a process of its own would have it. */
export async function kafkaTestLog(database: TestDatabase, brokers: string[]): Promise<KafkaLog> {
  const config = kafkaTestConfig(brokers, prefixOf(database))
  await prepareKafka(database.db, config, silentLog)
  return createKafkaLog({ db: database.db, config, logger: silentLog, metrics: createMetrics('test') })
}

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1)

/** Makes an event a row of `handled`. */
export const noting =
  (handler = 'here'): EventHandler =>
  async (trx, { position, scope }) => {
    await trx('handled').insert({ position, scope, handler })
  }

export async function joined({ member }: { member: GroupMember }, partitions = 4): Promise<void> {
  await waitFor(() => member.assigned.length === partitions, {
    what: `a member with ${partitions} partitions`,
    timeoutMs: 15_000,
  })
}

export interface Follower {
  seen: LogEvent[]
  /** How many of them came from `kafka` or from `postgresql`. */
  from(source: 'kafka' | 'postgresql'): Promise<number>
  stop(): Promise<void>
}

/** A log on Kafka for tests that break it: several processes may share it, each by way of brokers of its own. */
export class LogBed {
  readonly database: TestDatabase
  readonly topics: Topics
  readonly admin: Admin
  readonly #brokers: string[]
  readonly #settings: NodeJS.ProcessEnv
  readonly #client: Client
  readonly #stops: (() => Promise<unknown> | undefined)[] = []

  /** @param brokers that always answer: to prepare and to look. */
  static async make(brokers: string[], settings: NodeJS.ProcessEnv = {}): Promise<LogBed> {
    const database = await testDatabase()
    const bed = new LogBed(database, brokers, settings)
    try {
      await database.db.raw('create table handled (id bigserial, position bigint, scope text, handler text)')
      await prepareKafka(database.db, bed.config(), silentLog)
      return bed
    } catch (error) {
      await bed.stop()
      throw error
    }
  }

  private constructor(database: TestDatabase, brokers: string[], settings: NodeJS.ProcessEnv) {
    this.database = database
    this.#brokers = brokers
    this.#settings = settings
    this.topics = topicsOf(prefixOf(database))
    this.#client = createClient(this.config(), silentLog)
    this.admin = this.#client.kafka.admin()
  }

  get kafka(): Kafka {
    return this.#client.kafka
  }

  config(broker?: string) {
    return kafkaTestConfig(broker === undefined ? this.#brokers : [broker], prefixOf(this.database), this.#settings)
  }

  /** Is stopped at the end, before what was made before it. */
  use<T extends { stop(): Promise<unknown> }>(part: T): T {
    this.#stops.push(() => part.stop())
    return part
  }

  async log(broker?: string, metrics: Metrics = createMetrics('test')): Promise<KafkaLog> {
    const log = await createKafkaLog({ db: this.database.db, config: this.config(broker), logger: silentLog, metrics })
    this.#stops.push(() => log.close())
    return log
  }

  async relay(broker?: string) {
    const { db, url } = this.database
    const makePartitions = async () => ensurePartitions(db, (await headPosition(db)) + 1, 1)
    const log = await this.log(broker)
    return this.use(startRelay({ url, log, logger: silentLog, metrics: createMetrics('test'), makePartitions }))
  }

  async follower(broker?: string, after = 0): Promise<Follower> {
    const metrics = createMetrics('test')
    const seen: LogEvent[] = []
    const log = await this.log(broker, metrics)
    const { stop } = this.use(log.follow(after, (events) => void seen.push(...events)))
    return {
      seen,
      stop,
      async from(source) {
        const { values } = await metrics.followedEvents.get()
        return values.find(({ labels }) => labels.source === source)?.value ?? 0
      },
    }
  }

  /** Twenty events in one transaction and so many times; each partition gets some of them. */
  async writeMany(times: number): Promise<void> {
    for (let i = 0; i < times; i++) await this.write(...upTo(20))
  }

  /** Events in the scopes of these accounts, one each, in one transaction. */
  async write(...accounts: number[]): Promise<void> {
    const events = accounts.map(
      (account): NewEvent => ({ scope: `account:${account}`, event: 'account.updated', data: { account } }),
    )
    await this.database.db.transaction((trx) => emit(trx, events, new Date()))
  }

  connect(broker?: string): Connect {
    const config = this.config(broker)
    return () => createClient(config, silentLog)
  }

  /** A member of the group `test` that makes each event a row of `handled`. */
  member(options: Partial<ConsumeOptions> = {}) {
    return this.use(
      consume({
        db: this.database.db,
        connect: this.connect(),
        groupId: groupOf(prefixOf(this.database), 'test'),
        group: 'test',
        topic: this.topics.events,
        partitions: 4,
        partitionOf: partitioner(4),
        handler: noting(),
        logger: silentLog,
        metrics: createMetrics('test'),
        sessionMs: 6000,
        ...options,
      }),
    )
  }

  async handled(): Promise<{ position: number; scope: string; handler: string }[]> {
    return this.database.db('handled').orderBy('id')
  }

  /** Every event up to `count` has taken effect once, those of a scope in order. */
  async allHandled(count: number, timeoutMs = 15_000): Promise<void> {
    await waitFor(async () => (await this.handled()).length >= count, { what: `${count} handled events`, timeoutMs })
    const rows = await this.handled()
    const sorted = (positions: number[]) => positions.toSorted((a, b) => a - b)
    const all = rows.map(({ position }) => position)
    assert.deepEqual(sorted(all), upTo(count))
    for (const own of Object.values(Object.groupBy(rows, ({ scope }) => scope))) {
      const positions = own!.map(({ position }) => position)
      assert.deepEqual(positions, sorted(positions))
    }
  }

  /** Everything in the log so far is on Kafka. */
  async published(): Promise<void> {
    const all = async () => {
      const { position, published } = await this.database.db('log_head').first('position', 'published')
      return published === position && !(await this.database.db('outbox').first('id'))
    }
    await waitFor(all, { what: 'everything to be published', timeoutMs: 15_000 })
  }

  /** The group `test` has come to the end of the topic of events: within the 60 retries of a second that its consumer has. */
  async consumed(): Promise<void> {
    const topic = this.topics.events
    const groupId = groupOf(prefixOf(this.database), 'test')
    let seen = {}
    const all = async () => {
      const ends = await this.admin.fetchTopicOffsets(topic)
      const [own] = await this.admin.fetchOffsets({ groupId, topics: [topic] })
      seen = { ends, committed: own?.partitions }
      const committed = new Map(own?.partitions.map(({ partition, offset }) => [partition, offset]))
      return ends.every(({ partition, low, high }) => low === high || committed.get(partition) === high)
    }
    await waitFor(all, { what: 'the group to have read everything', timeoutMs: 60_000 }).catch((cause) => {
      throw new Error(`${cause.message}: ${JSON.stringify(seen)}`)
    })
  }

  /** Deletes the topic of events and makes it again: the records that nobody read are gone. */
  async recreateEvents(): Promise<void> {
    await this.admin.deleteTopics({ topics: [this.topics.events] })
    const gone = async () => !(await this.admin.listTopics()).includes(this.topics.events)
    await waitFor(gone, { what: 'the topic to be gone' })
    await prepareKafka(this.database.db, this.config(), silentLog)
  }

  /** What is in each partition of a topic, by partition. */
  records(topic: string): Promise<KafkaMessage[][]> {
    return readTopic(this.kafka, topic)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop()
    this.#client.close()
    await this.database.drop()
  }
}

/** All records of a topic, by partition. */
export async function readTopic(kafka: Kafka, topic: string): Promise<KafkaMessage[][]> {
  const cluster = createCluster(kafka)
  await cluster.connect()
  await cluster.addTargetTopic(topic)
  const records: KafkaMessage[][] = []
  const leaders = cluster.findTopicPartitionMetadata(topic)
  const wanted = leaders.map(({ partitionId }) => ({ partition: partitionId }))
  const [ends] = await cluster.fetchTopicsOffset([{ topic, partitions: wanted, fromBeginning: false }])
  for (const { partition, offset } of ends!.partitions) {
    const { leader } = leaders.find(({ partitionId }) => partitionId === partition)!
    const broker = await cluster.findBroker({ nodeId: String(leader) })
    const own: KafkaMessage[] = []
    for (let next = 0n; next < BigInt(offset); ) {
      const asked = { partition, fetchOffset: String(next), maxBytes: 10_000_000 }
      const options = { maxWaitTime: 100, minBytes: 1, maxBytes: 10_000_000, isolationLevel: 1 }
      const { responses } = await broker.fetch({ ...options, topics: [{ topic, partitions: [asked] }] })
      const batch = new Batch(topic, asked.fetchOffset, responses[0]!.partitions[0]!)
      own.push(...batch.messages)
      next = BigInt(batch.lastOffset()) + 1n
    }
    records[partition] = own
  }
  await cluster.disconnect()
  return records
}
