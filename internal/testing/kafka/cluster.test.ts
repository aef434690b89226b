import assert from 'node:assert/strict'
import { Kafka, logLevel } from 'kafkajs'
import { isAlive } from '#internal/runtime/is-alive'
import { temporaryDirectory } from '../directory.ts'
import { waitFor } from '../wait-for.ts'
import { type KafkaCluster, startKafkaCluster } from './cluster.ts'
import { describeWithKafka, describeWithKafkaJars } from './describe.ts'
import { testKafka } from './kafka.ts'

// Patient enough for a change of leaders.
const clientOf = (brokers: string[]) =>
  new Kafka({ brokers, logLevel: logLevel.NOTHING, retry: { maxRetryTime: 1000, retries: 60 } })

/** Ids of the nodes that this broker knows of. Asked once, for a second. */
async function nodesKnownTo(broker: string): Promise<number[]> {
  const once = { requestTimeout: 1000, retry: { retries: 0 } }
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING, ...once }).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.map(({ nodeId }) => nodeId).sort()
  } finally {
    await admin.disconnect()
  }
}

describeWithKafkaJars('a Kafka of three nodes', () => {
  const topic = 'letters'
  let cluster: KafkaCluster
  let kafka: Kafka
  let remove: () => Promise<void>

  before(async function () {
    this.timeout(120_000)
    const made = await temporaryDirectory()
    remove = made.remove
    // A node that was killed is missed after 3 s instead of 9, and is let in again then.
    const properties = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' }
    cluster = await startKafkaCluster({ nodes: 3, directory: made.directory, properties, heapMb: 256 })
    kafka = clientOf(cluster.brokers)
    await withAdmin((admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] }))
  })

  after(async () => {
    await cluster?.stop()
    await remove?.()
  })

  async function withAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = kafka.admin()
    await admin.connect()
    return use(admin).finally(() => admin.disconnect())
  }

  async function partition() {
    const { topics } = await withAdmin((admin) => admin.fetchTopicMetadata({ topics: [topic] }))
    return topics[0]!.partitions[0]!
  }

  async function send(value: string) {
    const producer = kafka.producer()
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [{ partition: 0, value }] }).finally(() => producer.disconnect())
  }

  async function read(count: number) {
    const values: string[] = []
    const consumer = kafka.consumer({ groupId: `first ${count}`, maxWaitTimeInMs: 100 })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) })
    await waitFor(() => values.length >= count, { what: `${count} records` }).finally(() => consumer.disconnect())
    return values
  }

  it('gives back what it was given', async () => {
    await send('one')
    assert.deepEqual(await read(1), ['one'])
    assert.equal((await partition()).isr.length, 3)
  })

  it('goes on while a node is killed, which catches up when it is back', async function () {
    this.timeout(60_000)
    const { leader } = await partition()
    const node = cluster.nodes.find(({ id }) => id === leader)!
    const pid = node.pid!
    await node.kill('SIGKILL')
    assert.deepEqual([node.pid, isAlive(pid)], [undefined, false])

    await send('two')
    await node.start()
    await waitFor(async () => (await partition()).isr.length === 3, { what: 'three copies', timeoutMs: 20_000 })
    assert.deepEqual(await read(2), ['one', 'two'])
  })

  it('does not answer on a node that is paused, until it goes on', async () => {
    const [, , node] = cluster.nodes
    node!.pause()
    await assert.rejects(nodesKnownTo(node!.broker), /timed out|timeout/)
    node!.resume()
    const answer = () => nodesKnownTo(node!.broker).catch(() => [])
    await waitFor(async () => (await answer()).length === 3, { what: 'the node to answer' })
  })

  it('stops a node in good order, paused or not', async function () {
    this.timeout(40_000)
    const [node] = cluster.nodes
    node!.pause()
    await node!.kill('SIGTERM')
    assert.equal(node!.pid, undefined)
    await waitFor(async () => (await partition()).isr.length === 2, { what: 'the others to notice' })
  })
})

describeWithKafkaJars('a Kafka that does not start', () => {
  it('says why', async function () {
    this.timeout(30_000)
    const { directory, remove } = await temporaryDirectory()
    const properties = { 'log.segment.bytes': 'many' }
    await assert.rejects(
      startKafkaCluster({ nodes: 1, directory, properties }),
      /many for configuration log.segment.bytes/,
    )
    await remove()
  })
})

describeWithKafka('the Kafka of a test run', () => {
  it('is one for all', async () => {
    const brokers = await testKafka()
    assert.equal(await testKafka(), brokers)
    assert.ok((await nodesKnownTo(brokers[0]!)).length > 0)
  })
})
