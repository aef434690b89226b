import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs'
import { backoffMs, sleep, within } from '#internal/runtime/backoff'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Subscription } from '../log.ts'
import type { Connect } from './client.ts'

export interface GroupOptions {
  connect: Connect
  groupId: string
  topic: string
  /** Records handed over at once. */
  batchSize: number
  /** Handles some records of a partition, in order. What it rejects is tried again until it does not: it must not give up on one record. */
  handle: (partition: number, messages: KafkaMessage[]) => Promise<void>
  logger: Logger
  metrics: Metrics
  /** After how long without a sign of life a member has lost its partitions, milliseconds. */
  sessionMs?: number
}

/** One process's part in a consumer group. */
export interface GroupMember extends Subscription {
  readonly groupId: string
  readonly topic: string
  /** Partitions that are this member's now. */
  readonly assigned: readonly number[]
  /** Age of the oldest record that is being handled here, seconds; 0 when none is. */
  pendingSeconds(): number
  /** Leaves and joins again: for when there are records and none arrives. */
  restart(): void
}

/** How long handlers may take to end when the member leaves, and how long the brokers to let it go. */
const handlersMs = 10_000
const leaveMs = 1500

/**
 * Takes part in a consumer group for as long as it is not stopped. An offset is committed only after its record was handled, so a record
 * may come again, but none is passed over. A consumer of kafkajs that fails, or whose handler throws, is no more, now and then silently:
 * here nothing is thrown at it but what it says itself of the group, and when it ends a new one joins.
 */
export function joinGroup(options: GroupOptions): GroupMember {
  const { connect, groupId, topic, batchSize, handle, logger, sessionMs = 10_000 } = options
  const heartbeatInterval = Math.round(sessionMs / 10)
  let assigned: number[] = []
  let restart = () => {}
  /** Of the records that are handled now, by partition: since when they have been on Kafka. */
  const pending = new Map<number, number>()
  const handling = new Set<Promise<void>>()

  const fields = { group: groupId }
  const notHandled = failedTurns(options, `consume ${topic}`, 'records were not handled, trying again', fields)
  const notJoined = failedTurns(options, `join ${topic}`, 'out of the consumer group, joining it again', fields)

  /** The life of one consumer. */
  async function session(stopping: AbortSignal): Promise<Found> {
    const client = connect()
    const consumer = client.kafka.consumer({
      groupId,
      sessionTimeout: sessionMs,
      heartbeatInterval,
      minBytes: 1,
      maxWaitTimeInMs: 500,
      maxBytesPerPartition: 1_048_576,
      allowAutoTopicCreation: false,
      retry: { retries: 60, restartOnFailure: async () => false },
    })
    const ended = Promise.withResolvers<void>()
    const end = () => ended.resolve()
    restart = end
    stopping.addEventListener('abort', end)
    consumer.on(consumer.events.CRASH, ({ payload }) => ended.reject(payload.error))
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      assigned = payload.memberAssignment[topic] ?? []
      logger.info({ group: groupId, partitions: assigned }, 'joined the consumer group')
    })
    const running = run(consumer)
    try {
      await Promise.race([running, ended.promise])
      await ended.promise
    } finally {
      stopping.removeEventListener('abort', end)
      assigned = []
      await leave(consumer, running)
      client.close()
    }
    return 'some'
  }

  async function run(consumer: Consumer): Promise<void> {
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    await consumer.run({
      eachBatch: (payload) => {
        const work = eachBatch(payload).finally(() => handling.delete(work))
        handling.add(work)
        return work
      },
      partitionsConsumedConcurrently: 3,
      eachBatchAutoResolve: false,
    })
  }

  /** In good order, so that the others have the partitions at once; without it when the brokers do not answer. */
  async function leave(consumer: Consumer, running: Promise<void>): Promise<void> {
    const joined = running.catch(() => undefined)
    await within(leaveMs, joined)
    const left = consumer.disconnect().catch(() => undefined)
    await within(handlersMs, Promise.allSettled(handling))
    await within(leaveMs, left)
  }

  async function eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat } = payload
    try {
      for (let i = 0; i < batch.messages.length; i += batchSize) {
        const messages = batch.messages.slice(i, i + batchSize)
        pending.set(batch.partition, Number(messages[0]!.timestamp))
        if (!(await handled(payload, messages))) return
        resolveOffset(messages.at(-1)!.offset)
        await heartbeat()
      }
    } finally {
      pending.delete(batch.partition)
    }
  }

  /** Tries until the records are handled; false when they have ceased to be this member's. */
  async function handled(
    { batch, heartbeat, isRunning, isStale }: EachBatchPayload,
    messages: KafkaMessage[],
  ): Promise<boolean> {
    // The group must not take the partition away while a handler is slow.
    const beat = setInterval(() => void heartbeat().catch(() => undefined), heartbeatInterval)
    try {
      for (let attempt = 0; isRunning() && !isStale(); attempt++) {
        try {
          await handle(batch.partition, messages)
          return true
        } catch (error) {
          notHandled(error, attempt)
        }
        await sleep(backoffMs(attempt, 50, 2000))
        await heartbeat()
      }
      return false
    } finally {
      clearInterval(beat)
    }
  }

  const loop = new Loop({
    turn: session,
    idle: { minMs: 100, maxMs: 100 },
    settledMs: 10_000,
    onError: notJoined,
  }).start()

  return {
    groupId,
    topic,
    get assigned() {
      return assigned
    },
    pendingSeconds: () => (pending.size === 0 ? 0 : Math.max(0, Date.now() - Math.min(...pending.values())) / 1000),
    restart: () => restart(),
    stop: () => loop.stop(),
  }
}
