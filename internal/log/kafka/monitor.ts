import type { Admin } from 'kafkajs'
import { within } from '#internal/runtime/backoff'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Client, Connect } from './client.ts'
import type { GroupMember } from './group.ts'
import { ensureTopics, type TopicOptions } from './topics.ts'

export interface MonitorOptions {
  connect: Connect
  topics: TopicOptions
  /** Those that run in this process. */
  members: ReadonlySet<GroupMember>
  logger: Logger
  metrics: Metrics
  /** How often it looks, milliseconds. */
  intervalMs?: number
}

export interface Monitor {
  /** Whether the brokers answered lately. */
  isReachable(): boolean
  stop(): Promise<void>
}

/** Brokers that did not answer for so many looks are not reachable. */
const silentLooks = 3
/** Records that wait for so many looks without any being handled mean that kafkajs hangs. */
const stalledLooks = 4
/** How long a stop waits for a look that has begun. */
const stopMs = 500

/**
 * Looks after Kafka from each process that consumes: makes topics again that were deleted, measures how far groups are behind, and has a
 * member join again that gets nothing although there is something.
 */
export function startMonitor(options: MonitorOptions): Monitor {
  const { connect, topics, members, logger, metrics, intervalMs = 5000 } = options
  let answeredAt = Number.NEGATIVE_INFINITY
  let client: Client | undefined
  let admin: Admin | undefined
  /** What was told already. */
  let known: string[] = []
  const steps = new Map<string, { offset: string; at: number }>()

  async function turn(): Promise<Found> {
    const asked = admin ?? (await connectAdmin())
    const { created, problems } = await ensureTopics(asked, topics)
    if (created.length > 0) logger.warn({ topics: created }, 'made topics that were not there')
    for (const problem of problems) if (!known.includes(problem)) logger.warn(problem)
    known = problems
    for (const member of members) await measure(asked, member)
    answeredAt = performance.now()
    return 'none'
  }

  async function connectAdmin(): Promise<Admin> {
    client = connect()
    admin = client.kafka.admin()
    await admin.connect()
    return admin
  }

  function disconnect(): void {
    client?.close()
    admin = undefined
  }

  async function measure(asked: Admin, member: GroupMember): Promise<void> {
    const { groupId, topic } = member
    const ends = await asked.fetchTopicOffsets(topic)
    const [committed] = await asked.fetchOffsets({ groupId, topics: [topic] })
    const now = performance.now()
    let records = 0
    let stalled = 0
    for (const { partition, high, low } of ends) {
      const offset = committed?.partitions.find((own) => own.partition === partition)?.offset ?? '-1'
      const lag = Math.max(0, Number(high) - Math.max(Number(offset), Number(low)))
      records += lag
      const key = `${groupId} ${partition}`
      const last = steps.get(key)
      if (lag === 0 || !last || last.offset !== offset) steps.set(key, { offset, at: now })
      else if (member.assigned.includes(partition)) stalled = Math.max(stalled, now - last.at)
    }
    metrics.kafkaLagRecords.set({ group: groupId }, records)
    metrics.kafkaLagSeconds.set({ group: groupId }, Math.max(stalled / 1000, member.pendingSeconds()))
    if (stalled > stalledLooks * intervalMs && member.pendingSeconds() === 0) {
      logger.warn({ group: groupId }, 'records wait and none arrives, joining the group again')
      for (const key of steps.keys()) if (key.startsWith(`${groupId} `)) steps.delete(key)
      member.restart()
    }
  }

  const report = failedTurns(options, 'kafka monitor', 'Kafka does not answer, trying again')
  const loop = new Loop({
    turn,
    idle: { minMs: intervalMs, maxMs: intervalMs },
    onError: (error, attempt) => {
      disconnect()
      report(error, attempt)
    },
  }).start()

  return {
    isReachable: () => performance.now() - answeredAt < silentLooks * intervalMs,
    async stop() {
      const stopped = loop.stop()
      await within(stopMs, stopped)
      disconnect()
      await stopped
    },
  }
}
