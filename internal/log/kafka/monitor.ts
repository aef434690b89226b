import type { Admin } from 'kafkajs'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { GroupMember } from './group.ts'
import { ensureTopics, type TopicOptions } from './topics.ts'

export interface MonitorOptions {
  admin: Admin
  topics: TopicOptions
  /** Those that run in this process. */
  members: ReadonlySet<GroupMember>
  logger: Logger
  metrics: Metrics
}

export interface Monitor {
  /** Whether the brokers answered lately. */
  isReachable(): boolean
  stop(): Promise<void>
}

const intervalMs = 5000
/** Records that wait for so long without any being handled mean that kafkajs hangs. */
const stalledMs = 20_000

/**
 * Looks after Kafka from each process that consumes: makes topics again that were deleted, measures how far groups are behind, and has a
 * member join again that gets nothing although there is something.
 */
export function startMonitor({ admin, topics, members, logger, metrics }: MonitorOptions): Monitor {
  let answeredAt = Number.NEGATIVE_INFINITY
  let connected = false
  const steps = new Map<string, { offset: string; at: number }>()

  async function turn(): Promise<Found> {
    if (!connected) await admin.connect()
    connected = true
    const { created, problems } = await ensureTopics(admin, topics)
    if (created.length > 0) logger.warn({ topics: created }, 'made topics that were not there')
    for (const problem of problems) logger.warn(problem)
    for (const member of members) await measure(member)
    answeredAt = performance.now()
    return 'none'
  }

  async function measure(member: GroupMember): Promise<void> {
    const { groupId, topic } = member
    const ends = await admin.fetchTopicOffsets(topic)
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
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
    if (stalled > stalledMs && member.pendingSeconds() === 0) {
      logger.warn({ group: groupId }, 'records wait and none arrives, joining the group again')
      for (const key of steps.keys()) if (key.startsWith(`${groupId} `)) steps.delete(key)
      member.restart()
    }
  }

  const loop = new Loop({
    turn,
    idle: { minMs: intervalMs, maxMs: intervalMs },
    onError: (error, attempt) => {
      metrics.loopErrors.inc({ loop: 'kafka monitor' })
      logger[attempt === 0 ? 'warn' : 'debug']({ error }, 'Kafka does not answer, trying again')
    },
  }).start()

  return {
    isReachable: () => performance.now() - answeredAt < 3 * intervalMs,
    async stop() {
      await loop.stop()
      await admin.disconnect()
    },
  }
}
