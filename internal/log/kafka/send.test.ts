import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import kafkajs, { type Admin, type Message } from 'kafkajs'
import { silentLog } from '#internal/telemetry/log'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { type Client, createClient } from './client.ts'
import { createProducer, sendInOrder } from './send.ts'
import { kafkaTestConfig, newPrefix, readTopic } from './testing.ts'

const { None, ZSTD } = kafkajs.CompressionTypes

describeWithKafka('sending to Kafka in order', () => {
  let direct: Client
  let byProxy: Client
  let proxy: KafkaProxy
  let admin: Admin
  let topic: string
  before(async () => {
    const brokers = await testKafka()
    proxy = await startKafkaProxy(brokers[0]!)
    direct = createClient(kafkaTestConfig(brokers), silentLog)
    byProxy = createClient(kafkaTestConfig([proxy.broker]), silentLog)
    admin = direct.kafka.admin()
    await admin.connect()
  })
  beforeEach(async () => {
    topic = newPrefix()
    await admin.createTopics({ topics: [{ topic, numPartitions: 4 }], waitForLeaders: false })
  })
  after(async () => {
    direct.close()
    byProxy.close()
    await proxy.stop()
  })

  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)
  const record = (n: number): Message => ({ partition: n % 4, key: String(n), value: String(n) })
  const values = (messages: { value: Buffer | null }[]) => messages.map(({ value }) => Number(value))
  const firstCopies = (all: number[]) => [...new Set(all)]

  /** The answers to what is being written are lost with their connections, again and again. */
  async function lossyNetwork(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await delay(150)
      proxy.mute()
      await delay(40)
      proxy.reset()
    }
  }

  it('loses and reorders nothing while answers are lost', async () => {
    const producer = createProducer(byProxy.kafka)
    await producer.connect()
    let sent = 0
    let over = false
    const network = lossyNetwork(10).then(() => (over = true))
    while (!over) {
      const count = 40
      await sendInOrder(producer, topic, numbers(sent, count).map(record), None)
      sent += count
    }
    await network
    const partitions = (await readTopic(direct.kafka, topic)).map(values)
    for (const [partition, all] of partitions.entries())
      assert.deepEqual(
        firstCopies(all),
        numbers(0, sent).filter((n) => n % 4 === partition),
      )
    assert.ok(partitions.flat().length > sent, 'no answer was lost: this shows nothing')
  })

  it('would lose some the way that kafkajs offers', async () => {
    const producer = byProxy.kafka.producer({ idempotent: true, allowAutoTopicCreation: false })
    await producer.connect()
    const acknowledged: number[] = []
    let next = 0
    let over = false
    const sender = async () => {
      while (!over) {
        const n = next++
        const sent = producer.send({ topic, messages: [{ partition: 0, value: String(n) }] })
        await sent.then(
          () => acknowledged.push(n),
          () => undefined,
        )
        await delay(2)
      }
    }
    const senders = Array.from({ length: 4 }, sender)
    await lossyNetwork(10)
    over = true
    await Promise.all(senders)
    const there = new Set(values((await readTopic(direct.kafka, topic))[0]!))
    assert.notEqual(acknowledged.filter((n) => !there.has(n)).length, 0)
  })

  it('writes more than a request may hold, each record to its partition', async () => {
    const producer = createProducer(direct.kafka)
    await producer.connect()
    const many = numbers(0, 2100).map(record)
    // Three bytes each: what counts is bytes.
    const large = numbers(2100, 24).map((n) => ({ ...record(n), value: `${n} ${'\u{20ac}'.repeat(100_000)}` }))
    await sendInOrder(producer, topic, [...many, ...large], None)
    const partitions = await readTopic(direct.kafka, topic)
    for (const [partition, messages] of partitions.entries())
      assert.deepEqual(
        messages.map(({ key }) => Number(key)),
        numbers(0, 2124).filter((n) => n % 4 === partition),
      )
    assert.equal(partitions[0]!.at(-1)!.value!.length, 5 + 300_000)
  })

  it('compresses', async () => {
    const producer = createProducer(direct.kafka)
    await producer.connect()
    await sendInOrder(producer, topic, numbers(0, 100).map(record), ZSTD)
    assert.deepEqual(firstCopies((await readTopic(direct.kafka, topic)).flatMap(values)).length, 100)
  })

  it('rejects when one partition fails, after the others are done', async () => {
    const producer = createProducer(direct.kafka)
    await producer.connect()
    const tooLarge = { ...record(1), value: 'x'.repeat(2_000_000) }
    await assert.rejects(sendInOrder(producer, topic, [...numbers(0, 9).map(record), tooLarge], None), {
      type: 'MESSAGE_TOO_LARGE',
    })
    assert.deepEqual((await readTopic(direct.kafka, topic)).map(values), [
      [0, 4, 8],
      [1, 5],
      [2, 6],
      [3, 7],
    ])
  })
})
