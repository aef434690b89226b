import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { LogEvent } from '#internal/events/event'
import { silentLog } from '#internal/telemetry/log'
import { describeWithKafka } from '#internal/testing/kafka/describe'
import { testKafka } from '#internal/testing/kafka/kafka'
import { type KafkaProxy, startKafkaProxy } from '#internal/testing/kafka/proxy'
import { waitFor } from '#internal/testing/wait-for'
import { brisk, createClient } from './client.ts'
import { eventRecord } from './record.ts'
import { createProducer, sendInOrder } from './send.ts'
import { type Follower, LogBed, upTo } from './testing.ts'

describeWithKafka('following the log over Kafka', () => {
  let bed: LogBed
  let proxy: KafkaProxy
  beforeEach(async () => {
    const brokers = await testKafka()
    bed = await LogBed.make(brokers)
    proxy = bed.use(await startKafkaProxy(brokers[0]!))
  })
  afterEach(() => bed.stop())

  const positions = (events: LogEvent[]) => events.map((event) => event.position)

  async function hasSeen({ seen }: Follower, count: number, timeoutMs?: number): Promise<void> {
    await waitFor(() => seen.length >= count, { what: `${count} events`, ...(timeoutMs ? { timeoutMs } : {}) })
    assert.deepEqual(positions(seen), upTo(seen.length))
  }

  /** Writes until the follower gets everything over Kafka again; each event within two seconds, whatever the way. */
  async function untilByKafka(follower: Follower): Promise<void> {
    for (let i = 0; ; i++) {
      const before = await follower.from('kafka')
      for (const account of upTo(10)) await writeAndSee(follower, account)
      if ((await follower.from('kafka')) === before + 10) return
      if (i === 30) throw new Error('Kafka is back and nothing comes over it')
    }
  }

  /** As long as it was without Kafka it looks at PostgreSQL by itself: until it does no more. */
  async function untilByKafkaAlone(follower: Follower): Promise<void> {
    await untilByKafka(follower)
    await delay(2100)
    await untilByKafka(follower)
  }

  /** Writes an event and waits until the follower has it. */
  async function writeAndSee(follower: Follower, account: number): Promise<void> {
    const { seen } = follower
    const count = seen.length + 1
    await bed.write(account)
    const start = performance.now()
    await waitFor(() => seen.length >= count, { what: 'the event' })
    const ms = performance.now() - start
    assert.ok(ms < 2000, `an event took ${Math.round(ms)} ms`)
    assert.deepEqual(positions(seen), upTo(count))
  }

  it('restores the order of all partitions, over Kafka alone', async () => {
    await bed.relay()
    const follower = await bed.follower()
    await untilByKafkaAlone(follower)
    const before = follower.seen.length
    const byPostgres = await follower.from('postgresql')
    const writer = async (account: number) => {
      for (let n = 0; n < 50; n++) await bed.write(account, account + 100)
    }
    await Promise.all(upTo(6).map(writer))
    await hasSeen(follower, before + 600)
    assert.ok((await follower.from('postgresql')) - byPostgres < 100)
  })

  it('gets what never was on Kafka, is there twice or in disorder, and ignores what is of others', async () => {
    const relay = await bed.relay()
    const follower = await bed.follower()
    await untilByKafkaAlone(follower)
    await relay.stop()
    const { db } = bed.database
    const base = follower.seen.length
    const event = (n: number): LogEvent => ({
      position: base + n,
      scope: `account:${n}`,
      event: 'account.updated',
      at: new Date(),
      data: `{"n":${n}}`,
      traceparent: null,
    })
    await db('events').insert(upTo(8).map(event))
    await db('log_head').update({ position: base + 8, published: base + 8 })
    const client = createClient(bed.config(), silentLog)
    const producer = createProducer(client.kafka)
    await producer.connect()
    const send = (n: number) => sendInOrder(producer, bed.topics.events, [eventRecord(event(n), 0, n % 4)], 0)
    await producer.send({
      topic: bed.topics.events,
      messages: [
        { partition: 0, value: 'hello' },
        { partition: 1, value: null, key: 'account:1' },
        { partition: 2, key: 'account:1', value: '{}', headers: { position: 'x', previous: '0', event: 'e', at: 'y' } },
        { partition: 3, key: 'account:1', value: '{}', headers: { position: '3', previous: '7', event: 'e', at: '0' } },
      ],
    })
    // Neither 3 nor 5.
    for (const n of [8, 2, 2, 1, 4, 2, 8, 6, 7]) await send(n)
    client.close()
    await hasSeen(follower, base + 8, 2000)
    assert.deepEqual(
      follower.seen.slice(base).map(({ data }) => data),
      upTo(8).map((n) => `{"n":${n}}`),
    )
    await delay(200)
    assert.equal(follower.seen.length, base + 8)
  })

  it('starts while Kafka is away', async () => {
    await proxy.away()
    await bed.relay(proxy.broker)
    const follower = await bed.follower(proxy.broker)
    for (const account of upTo(5)) await writeAndSee(follower, account)
    assert.equal(await follower.from('kafka'), 0)
    await proxy.back()
    await untilByKafka(follower)
  })

  it('goes on when Kafka goes away, and over Kafka when it is back', async () => {
    await bed.relay(proxy.broker)
    const follower = await bed.follower(proxy.broker)
    await untilByKafkaAlone(follower)
    await proxy.away()
    for (const account of upTo(20)) {
      await writeAndSee(follower, account)
      await delay(100)
    }
    await proxy.back()
    await untilByKafka(follower)
  })

  it('goes on when Kafka hangs, and over Kafka when it goes on', async () => {
    await bed.relay(proxy.broker)
    const follower = await bed.follower(proxy.broker)
    await untilByKafkaAlone(follower)
    proxy.freeze()
    for (const account of upTo(24)) {
      await writeAndSee(follower, account)
      await delay(200)
    }
    proxy.thaw()
    await untilByKafka(follower)
  })

  it('goes on when only what it reads is late', async () => {
    await bed.relay()
    const follower = await bed.follower(proxy.broker)
    await untilByKafka(follower)
    proxy.freeze()
    for (const account of upTo(10)) await writeAndSee(follower, account)
    proxy.thaw()
    await untilByKafka(follower)
  })

  it('goes on when the topic is deleted and made again', async () => {
    await bed.relay()
    const follower = await bed.follower()
    await untilByKafka(follower)
    const recreated = bed.recreateEvents()
    for (const account of upTo(10)) await writeAndSee(follower, account)
    await recreated
    await untilByKafka(follower)
  })

  it('holds back what a slow handler has no time for', async () => {
    await bed.relay()
    const log = await bed.log()
    const seen: LogEvent[] = []
    const open = Promise.withResolvers<void>()
    let most = 0
    let busy = false
    bed.use(
      log.follow(0, async (events) => {
        assert.equal(busy, false)
        busy = true
        most = Math.max(most, events.length)
        seen.push(...events)
        await open.promise
        busy = false
      }),
    )
    // Should the test end here, the follower can stop.
    bed.use({ stop: async () => open.resolve() })
    const event = { scope: 'account:1', event: 'account.updated', data: '{}', at: new Date() }
    const { db } = bed.database
    await bed.write(1)
    await waitFor(() => seen.length === 1, { what: 'the first event' })
    for (let i = 0; i < 22; i++)
      await db.batchInsert(
        'outbox',
        Array.from({ length: 1000 }, () => event),
      )
    await bed.published()
    assert.equal(seen.length, 1)
    open.resolve()
    await waitFor(() => seen.length === 22_001, { what: 'all events', timeoutMs: 15_000 })
    assert.deepEqual(positions(seen), upTo(22_001))
    assert.equal(most, 1000)
  })

  it('begins to read anew when it hears nothing of what was published', async () => {
    await bed.relay()
    const follower = await bed.follower(proxy.broker)
    await untilByKafka(follower)
    proxy.mute()
    const start = performance.now()
    const before = await follower.from('kafka')
    while ((await follower.from('kafka')) === before) {
      await writeAndSee(follower, 1)
      await delay(300)
    }
    // Less than a request may take: the follower itself has noticed.
    assert.ok(performance.now() - start < brisk.requestTimeout)
  })

  for (const [state, break_] of [
    ['is away', () => proxy.away()],
    ['hangs', () => proxy.freeze()],
  ] as const)
    it(`stops at once while Kafka ${state}`, async () => {
      const relay = await bed.relay(proxy.broker)
      const follower = await bed.follower(proxy.broker)
      await untilByKafka(follower)
      await break_()
      await writeAndSee(follower, 1)
      await delay(200)
      const start = performance.now()
      await follower.stop()
      const ms = performance.now() - start
      assert.ok(ms < 2000, `it took ${Math.round(ms)} ms`)
      await relay.stop()
      assert.ok(performance.now() - start < 5000)
    })
})
