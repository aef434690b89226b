import { readConfig } from '#internal/config/read'
import type { LogEvent } from '#internal/events/event'
import { compressionOf, createClient } from '#internal/log/kafka/client'
import { createKafkaLog, type KafkaLogConfig, kafkaLogSettings } from '#internal/log/kafka/log'
import { partitioner, topicsOf } from '#internal/log/kafka/names'
import { readPublished } from '#internal/log/kafka/progress'
import { eventRecord } from '#internal/log/kafka/record'
import { createProducer, sendInOrder } from '#internal/log/kafka/send'
import { startRelay } from '#internal/log/relay'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { waitFor } from '#internal/testing/wait-for'
import { median, percent, round } from '../stats.ts'
import { info, type Row } from '../table.ts'
import type { Database, Workbench } from '../workbench.ts'

const rounds = 5
const batchSize = 1000
const fill = `
  insert into outbox (scope, event, at, data)
  select 'account:' || n % 500, 'account.updated', now(), json_build_object('n', n, 'text', repeat('x', 1000))
  from generate_series(1, :count::int) n`

/** Outbox to Kafka, by way of `events`, against sending the same records to the same partitions and nothing else. */
export async function relay(workbench: Workbench): Promise<Row[]> {
  if (workbench.log !== 'kafka') return [info('relay: outbox to Kafka', 'run it with BELFRY_LOG=kafka')]
  const count = workbench.quick ? 2000 : 30_000
  const database = await workbench.database('relay')
  const config = readConfig(database.logSettings, kafkaLogSettings)
  const relayed: number[] = []
  const plain: number[] = []
  for (let i = 0; i < rounds; i++) {
    relayed.push(await relayRate(database, config, count))
    plain.push(await plainRate(database, config, count))
  }
  return [
    info(
      `relay: ${count.toLocaleString('en-US')} events of 1 KB, outbox to Kafka`,
      `${round(median(relayed))} events/s`,
      `${percent(median(relayed) / median(plain))} of plain producing (${round(median(plain))}/s)`,
    ),
  ]
}

async function relayRate({ url, db }: Database, config: KafkaLogConfig, count: number): Promise<number> {
  const { position } = await readPublished(db)
  await db.raw(fill, { count })
  const metrics = createMetrics('bench')
  const log = await createKafkaLog({ db, config, logger: silentLog, metrics })
  const startedAt = performance.now()
  const running = startRelay({ url, log, logger: silentLog, metrics, makePartitions: async () => undefined })
  const isPublished = async () => (await readPublished(db)).position >= position + count
  await waitFor(isPublished, { what: 'the events on Kafka', timeoutMs: 120_000 })
  const seconds = (performance.now() - startedAt) / 1000
  await running.stop()
  await log.close()
  return count / seconds
}

async function plainRate({ db }: Database, config: KafkaLogConfig, count: number): Promise<number> {
  const events: LogEvent[] = await db('events').orderBy('position', 'desc').limit(count)
  const partitionOf = partitioner((await readPublished(db)).byPartition.length)
  const records = events.map((event) => eventRecord(event, 0, partitionOf(event.scope)))
  const producer = createProducer(createClient(config, silentLog).kafka)
  await producer.connect()
  // A topic that readers of the log do not see.
  const topic = topicsOf(config.KAFKA_PREFIX).receipts
  const startedAt = performance.now()
  for (let i = 0; i < count; i += batchSize)
    await sendInOrder(producer, topic, records.slice(i, i + batchSize), compressionOf(config))
  const seconds = (performance.now() - startedAt) / 1000
  await producer.disconnect()
  return count / seconds
}
