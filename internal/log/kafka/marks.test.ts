import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { InboxMark as AnyInboxMark } from '#internal/events/mark'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { waitFor } from '#internal/testing/wait-for'
import { brisk, compressionOf, createClient } from './client.ts'
import { joinGroup } from './group.ts'
import { createMarksSender } from './marks.ts'
import { groupOf, partitioner } from './names.ts'
import { parseMark } from './record.ts'
import { LogBed, upTo } from './testing.ts'

type InboxMark = AnyInboxMark & { kind: 'delivered' }

describeWithKafka('marks over Kafka', () => {
  let bed: LogBed
  let proxy: KafkaProxy
  beforeEach(async () => {
    const brokers = await testKafka()
    bed = await LogBed.make(brokers)
    proxy = bed.use(await startKafkaProxy(brokers[0]!))
  })
  afterEach(() => bed.stop())

  const mark = (object_id: number, position = 1): InboxMark => ({
    kind: 'delivered',
    object_id,
    position,
    at: new Date().toISOString(),
  })

  /** A receiver, and what it got: by object, positions in the order in which they came. */
  async function receiver() {
    const got = new Map<number, number[]>()
    const log = await bed.log()
    const part = log.receiveMarks(async (_trx, marks) => {
      for (const each of marks as InboxMark[])
        got.set(each.object_id, [...(got.get(each.object_id) ?? []), each.position])
    })
    bed.use(part)
    return got
  }

  it('hands over all that were sent while answers were lost, in order', async () => {
    const got = await receiver()
    const log = await bed.log(proxy.broker)
    await log.sendMarks(upTo(5).map((object) => mark(object)))
    for (const position of upTo(8).slice(1)) {
      if (position % 2 === 0) proxy.mute()
      const sent = log.sendMarks(upTo(5).map((object) => mark(object, position)))
      await delay(30)
      proxy.reset()
      await sent
    }
    const all = () => upTo(5).every((object) => new Set(got.get(object)).size === 8)
    await waitFor(all, { what: 'all marks' })
    for (const own of got.values()) assert.deepEqual([...new Set(own)], upTo(8))
  })

  for (const [state, break_] of [
    ['is away', () => proxy.away()],
    ['hangs', () => proxy.freeze()],
  ] as const)
    it(`are refused in time while Kafka ${state}, and taken when it is back`, async () => {
      const config = bed.config(proxy.broker)
      const sender = createMarksSender({
        connect: () => createClient(config, silentLog, brisk),
        topic: bed.topics.receipts,
        partitionOf: partitioner(4),
        compression: compressionOf(config),
        sendMs: 1000,
      })
      await sender.send([mark(1)])
      await break_()
      const start = performance.now()
      await assert.rejects(Promise.all([sender.send([mark(2)]), sender.send([mark(3)])]))
      assert.ok(performance.now() - start < 2000)
      await assert.rejects(sender.send([mark(3)]))
      proxy.thaw()
      if (state === 'is away') await proxy.back()
      await sender.send([mark(4)])
      sender.close()
      const records = (await bed.records(bed.topics.receipts)).flat()
      const objects = new Set(records.map((record) => (parseMark(record) as InboxMark).object_id))
      assert.ok(objects.has(1) && objects.has(4))
    })

  it('hands them over again when a member went before it had committed', async () => {
    const log = await bed.log()
    await log.sendMarks(upTo(20).map((object) => mark(object)))
    /** A member that notes the objects that it gets, and goes on when it may. */
    const member = (broker: string | undefined, may: Promise<void>) => {
      const objects: number[] = []
      const config = bed.config(broker)
      const part = joinGroup({
        connect: () => createClient(config, silentLog),
        groupId: groupOf(config.KAFKA_PREFIX, 'receipts'),
        topic: bed.topics.receipts,
        batchSize: 100,
        handle: async (_partition, messages) => {
          objects.push(...messages.map((message) => (parseMark(message) as InboxMark).object_id))
          await may
        },
        logger: silentLog,
        metrics: createMetrics('test'),
        sessionMs: 6000,
      })
      return { objects, part: bed.use(part) }
    }
    const may = Promise.withResolvers<void>()
    const first = member(proxy.broker, may.promise)
    await waitFor(() => first.objects.length > 0, { what: 'marks at the first member' })
    await proxy.away()
    may.resolve()
    await first.part.stop()
    const second = member(undefined, Promise.resolve())
    await waitFor(() => new Set(second.objects).size === 20, { what: 'all marks at the second', timeoutMs: 15_000 })
  })

  it('ignores what is no mark', async () => {
    const got = await receiver()
    const log = await bed.log()
    await log.sendMarks([mark(1)])
    const producer = bed.kafka.producer()
    await producer.connect()
    await producer.send({
      topic: bed.topics.receipts,
      messages: [null, 'hello', '7', 'null', '{}'].map((value) => ({ key: 'account:1', value })),
    })
    await producer.disconnect()
    await log.sendMarks([mark(2)])
    await waitFor(() => got.size === 2, { what: 'the marks' })
    assert.deepEqual(await bed.database.db('dead_letters'), [])
  })
})
