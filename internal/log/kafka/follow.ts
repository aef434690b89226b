import type { Knex } from 'knex'
import { prepared } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { eventsAfter } from '../events-after.ts'
import type { Subscription } from '../log.ts'
import type { Connect } from './client.ts'
import { OrderBuffer } from './order-buffer.ts'
import { startReader } from './reader.ts'
import { parseEvent } from './record.ts'

export interface FollowOptions {
  db: Knex
  connect: Connect
  topic: string
  after: number
  handler: (events: LogEvent[]) => void | Promise<void>
  logger: Logger
  metrics: Metrics
}

const pageSize = 1000
/** A position that is missing for so long is read from PostgreSQL. Partitions of one batch arrive some milliseconds apart. */
const holeMs = 40
/** How often the end of the log is looked up, to notice that Kafka is behind or away. */
const watchMs = 500
/** While Kafka is behind or away, and for so long after it was, PostgreSQL is read every `behindMs`. */
const behindForMs = 2000
const behindMs = 50
/** So many looks in a row at which more had been published and nothing was heard mean that the reader hangs. */
const deafLooks = 6

/**
 * Follows the log by way of Kafka, in position order. Whatever does not come in time, for whatever reason, is read from PostgreSQL,
 * which has it: without Kafka a follower is slower and costs more, and loses nothing.
 */
export function follow({ db, connect, topic, after, handler, logger, metrics }: FollowOptions): Subscription {
  for (const source of ['kafka', 'postgresql']) metrics.followedEvents.inc({ source }, 0)
  const buffer = new OrderBuffer(after)
  let readAt = 0
  let behindUntil = performance.now() + behindForMs
  /** When Kafka last brought what was next. */
  let usefulAt = Number.NEGATIVE_INFINITY
  let watched = { at: performance.now(), head: 0, published: 0 }
  let heard = false
  let unheard = 0

  const reader = startReader({
    connect,
    topic,
    async onMessages(messages) {
      heard = true
      for (const message of messages) {
        const record = parseEvent(message)
        if (record) buffer.add(record.event)
      }
      loop.wake()
      await buffer.room()
    },
    onError: failedTurns({ logger, metrics }, 'kafka reader', 'Kafka cannot be read, PostgreSQL is read instead'),
  })

  async function turn(): Promise<Found> {
    const events = buffer.take(pageSize)
    if (events.length > 0) {
      usefulAt = performance.now()
      return hand(events, 'kafka')
    }
    const now = performance.now()
    if (now - watched.at >= watchMs) await watch(now)
    if (now < readAt && buffer.holeMs() < holeMs) return 'none'
    const read = await prepared<LogEvent>(db, eventsAfter, [buffer.position, pageSize])
    if (read.length > 0 && now < behindUntil && now - usefulAt > watchMs) behindUntil = now + behindForMs
    // At the start, and while Kafka is behind, there may be more than a page: go on until there is not.
    readAt = read.length === pageSize ? now : now < behindUntil ? now + behindMs : Number.POSITIVE_INFINITY
    return read.length > 0 ? hand(read, 'postgresql') : 'none'
  }

  async function hand(events: LogEvent[], source: 'kafka' | 'postgresql'): Promise<Found> {
    await handler(events)
    buffer.passed(events.at(-1)!.position)
    metrics.followedEvents.inc({ source }, events.length)
    return 'more'
  }

  async function watch(now: number): Promise<void> {
    const head = await db('log_head').first('position', 'published')
    metrics.followLag.set(Math.max(0, head.position - buffer.position))
    // What was in the log at the last look should have come by now.
    if (buffer.position < watched.head) {
      behindUntil = now + behindForMs
      readAt = now
    }
    unheard = heard ? 0 : unheard + (head.published > watched.published ? 1 : 0)
    if (unheard === deafLooks) {
      unheard = 0
      reader.restart()
    }
    heard = false
    watched = { at: now, head: head.position, published: head.published }
  }

  const loop = new Loop({
    turn,
    idle: { minMs: 5, maxMs: 25 },
    onError: failedTurns({ logger, metrics }, 'follow', 'log turn failed, trying again'),
  }).start()

  return {
    async stop() {
      buffer.close()
      await loop.stop()
      await reader.stop()
    },
  }
}
