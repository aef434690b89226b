import type { CompressionTypes, Producer } from 'kafkajs'
import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { within } from '#internal/runtime/backoff'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import { eventsAfter } from '../events-after.ts'
import type { Publication } from '../log.ts'
import type { Client, Connect } from './client.ts'
import { type Published, readPublished, writePublished } from './progress.ts'
import { eventRecord } from './record.ts'
import { createProducer, sendInOrder } from './send.ts'

export interface PublishOptions {
  db: Knex
  connect: Connect
  topic: string
  partitionOf: (scope: string) => number
  compression: CompressionTypes
  logger: Logger
  metrics: Metrics
}

const batchSize = 1000
/** What the relay offers is kept in memory up to here; beyond it is read from PostgreSQL again. */
const maxOffered = 10_000
/** How much a successor may publish again. */
const recordEveryMs = 200
/** How long a stop waits for what is being sent. The next relay waits for it too. */
const stopMs = 2000

/**
 * Puts every event onto Kafka, in order, beside the relay: while Kafka is away the log goes on and this falls behind. It begins
 * where the last publisher got to, and again after each failure. Two at once, as when a relay was frozen, do no harm: each writes a
 * partition in order and without a gap, so the first copy of an event always follows the first copy of the one before it.
 */
export function startPublication(options: PublishOptions): Publication {
  const { db, connect, topic, partitionOf, compression, logger, metrics } = options
  let client: Client | undefined
  let producer: Producer | undefined
  let published: Published | undefined
  let recorded = { position: 0, at: 0 }
  let offered: LogEvent[] = []

  async function turn(): Promise<Found> {
    if (!producer || !published) {
      client = connect()
      producer = createProducer(client.kafka)
      await producer.connect()
      published = await readPublished(db)
      recorded = { position: published.position, at: performance.now() }
    }
    const events = await next(published.position)
    if (events.length > 0) published = await send(producer, events, published)
    await record(published)
    return events.length === 0 ? 'none' : offered.length > 0 || events.length === batchSize ? 'more' : 'some'
  }

  /** From memory when what was offered follows, else from PostgreSQL. */
  async function next(after: number): Promise<LogEvent[]> {
    const known = offered.findIndex((event) => event.position > after)
    const batch = known < 0 ? [] : offered.slice(known, known + batchSize)
    offered = known < 0 ? [] : offered.slice(known + batchSize)
    if (batch[0]?.position === after + 1) return batch
    return prepared<LogEvent>(db, eventsAfter, [after, batchSize])
  }

  async function send(via: Producer, events: LogEvent[], { byPartition }: Published): Promise<Published> {
    const last = [...byPartition]
    const records = events.map((event) => {
      const partition = partitionOf(event.scope)
      const record = eventRecord(event, last[partition]!, partition)
      last[partition] = event.position
      return record
    })
    const links = events.map((event) => event.traceparent)
    const span = { kind: SpanKind.PRODUCER, root: true, links }
    await withSpan('publish events', span, () => sendInOrder(via, topic, records, compression))
    metrics.kafkaPublished.inc(events.length)
    return { position: events.at(-1)!.position, byPartition: last }
  }

  async function record(state: Published, always = false): Promise<void> {
    if (state.position === recorded.position) return
    if (!always && performance.now() - recorded.at < recordEveryMs) return
    await writePublished(db, state)
    recorded = { position: state.position, at: performance.now() }
  }

  const report = failedTurns(options, 'publish', 'events were not published to Kafka, trying again')
  const loop = new Loop({
    turn,
    idle: { minMs: 20, maxMs: recordEveryMs },
    onError: (error, attempt) => {
      published = undefined
      client?.close()
      report(error, attempt)
    },
  }).start()

  async function stop(): Promise<void> {
    await within(stopMs, loop.stop())
    client?.close()
    try {
      if (published) await record(published, true)
    } catch (error) {
      logger.debug({ error }, 'how far Kafka has the log was not recorded: the next publisher repeats a little')
    }
  }

  return {
    offer(events) {
      // All or nothing: what is kept has no hole.
      offered = offered.length < maxOffered ? [...offered, ...events] : []
      loop.wake()
    },
    stop,
  }
}
