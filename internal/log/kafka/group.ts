import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import { backoffMs, sleep, within } from '#internal/runtime/backoff'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Subscription } from '../log.ts'

export interface GroupOptions {
  kafka: Kafka
  groupId: string
  topic: string
  /** Records handed over at once. */
  batchSize: number
  /** Handles some records of a partition, in order. What it rejects is tried again until it does not: it must not give up on one record. */
  handle: (partition: number, messages: KafkaMessage[]) => Promise<void>
  logger: Logger
  metrics: Metrics
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

const sessionTimeout = 30_000
const heartbeatInterval = 3000
const stopMs = 10_000

/**
 * Takes part in a consumer group for as long as it is not stopped. An offset is committed only after its record was handled, so a record
 * may come again, but none is passed over. kafkajs ends a consumer silently when a handler throws, so nothing is thrown here but what kafkajs itself
 * says of the group.
 */
export function joinGroup({ kafka, groupId, topic, batchSize, handle, logger, metrics }: GroupOptions): GroupMember {
  let consumer: Consumer | undefined
  let assigned: number[] = []
  const pending = new Map<number, number>()

  async function turn(): Promise<Found> {
    if (!consumer) await join()
    return 'none'
  }

  async function join(): Promise<void> {
    const fresh = kafka.consumer({
      groupId,
      sessionTimeout,
      heartbeatInterval,
      minBytes: 1,
      maxWaitTimeInMs: 500,
      maxBytesPerPartition: 1_048_576,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        multiplier: 1.5,
        maxRetryTime: 1000,
        retries: 60,
        restartOnFailure: async () => true,
      },
    })
    fresh.on(fresh.events.GROUP_JOIN, ({ payload }) => {
      assigned = payload.memberAssignment[topic] ?? []
      logger.info({ group: groupId, partitions: assigned }, 'joined the consumer group')
    })
    fresh.on(fresh.events.CRASH, ({ payload }) => {
      logger.warn({ group: groupId, error: payload.error }, 'the consumer crashed, starting it again')
      if (!payload.restart && consumer === fresh) restart()
    })
    try {
      await fresh.connect()
      await fresh.subscribe({ topic, fromBeginning: true })
      await fresh.run({
        eachBatch,
        partitionsConsumedConcurrently: 3,
        eachBatchAutoResolve: false,
        autoCommitInterval: 1000,
      })
      consumer = fresh
    } catch (error) {
      await leave(fresh)
      throw error
    }
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
          metrics.loopErrors.inc({ loop: `consume ${topic}` })
          logger[attempt === 0 ? 'warn' : 'debug']({ error, group: groupId }, 'records were not handled, trying again')
        }
        await sleep(backoffMs(attempt, 50, 2000))
        await heartbeat()
      }
      return false
    } finally {
      clearInterval(beat)
    }
  }

  function restart(): void {
    const old = consumer
    consumer = undefined
    assigned = []
    if (old) void leave(old).then(() => loop.wake())
  }

  const leave = (old: Consumer) =>
    within(
      stopMs,
      old.disconnect().catch(() => undefined),
    )

  const loop = new Loop({
    turn,
    idle: { minMs: 1000, maxMs: 1000 },
    onError: (error, attempt) => {
      metrics.loopErrors.inc({ loop: `join ${topic}` })
      logger[attempt === 0 ? 'warn' : 'debug'](
        { error, group: groupId },
        'the consumer group cannot be joined, trying again',
      )
    },
  }).start()

  return {
    groupId,
    topic,
    get assigned() {
      return assigned
    },
    pendingSeconds: () => (pending.size === 0 ? 0 : Math.max(0, Date.now() - Math.min(...pending.values())) / 1000),
    restart,
    async stop() {
      await within(stopMs, loop.stop())
      if (consumer) await leave(consumer)
    },
  }
}
