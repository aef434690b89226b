import type { Knex } from 'knex'
import type { SettingName, SettingValue } from '#internal/config/settings'
import { PlainError } from '#internal/runtime/plain-error'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Log, Subscription } from '../log.ts'
import { brisk, compressionOf, createClient, type KafkaConfig, kafkaSettings } from './client.ts'
import { consume } from './consume.ts'
import { follow } from './follow.ts'
import { type GroupMember, joinGroup } from './group.ts'
import { createMarksSender, handleMarkRecords } from './marks.ts'
import { type Monitor, startMonitor } from './monitor.ts'
import { groupOf, partitioner, topicsOf } from './names.ts'
import { readPublished } from './progress.ts'
import { startPublication } from './publish.ts'

export const kafkaLogSettings = [
  ...kafkaSettings,
  'KAFKA_PARTITIONS',
  'KAFKA_REPLICATION',
  'KAFKA_MIN_INSYNC',
] as const satisfies SettingName[]

export type KafkaLogConfig = KafkaConfig & { readonly [N in (typeof kafkaLogSettings)[number]]: SettingValue<N> }

export interface KafkaLogOptions {
  db: Knex
  config: KafkaLogConfig
  logger: Logger
  metrics: Metrics
}

export interface KafkaLog extends Log {
  /** Whether the brokers answered lately; only a process that consumes asks them. */
  isReachable(): boolean
  close(): Promise<void>
}

const marksAtOnce = 5000

/** The number of partitions. @throws PlainError when `belfry migrate` has not prepared the log for Kafka */
export async function requirePrepared(db: Knex): Promise<number> {
  const { byPartition } = await readPublished(db)
  if (byPartition.length > 0) return byPartition.length
  throw new PlainError(
    'The log has not been prepared for Kafka. Run `npm run belfry -- migrate` with BELFRY_LOG=kafka first.',
  )
}

/**
 * The log on Kafka. It is made without asking the brokers, so that a process starts while they are away.
 * @throws PlainError when `belfry migrate` has not prepared it, or settings are wrong.
 */
export async function createKafkaLog({ db, config, logger, metrics }: KafkaLogOptions): Promise<KafkaLog> {
  const partitions = await requirePrepared(db)
  const connect = () => createClient(config, logger)
  const connectBriskly = () => createClient(config, logger, brisk)
  const topics = topicsOf(config.KAFKA_PREFIX)
  const partitionOf = partitioner(partitions)
  const compression = compressionOf(config)
  const marks = createMarksSender({ connect: connectBriskly, topic: topics.receipts, partitionOf, compression })
  const members = new Set<GroupMember>()
  let monitor: Monitor | undefined
  // Makes no connection, but says now what is wrong with the settings.
  connect().close()

  function join(member: GroupMember, part: Subscription): Subscription {
    members.add(member)
    monitor ??= startMonitor({
      connect: connectBriskly,
      topics: { topics, partitions, replication: config.KAFKA_REPLICATION, minInSync: config.KAFKA_MIN_INSYNC },
      members,
      logger,
      metrics,
    })
    return {
      stop() {
        members.delete(member)
        return part.stop()
      },
    }
  }

  return {
    publish: () => startPublication({ db, connect, topic: topics.events, partitionOf, compression, logger, metrics }),
    follow: (after, handler) =>
      follow({ db, connect: connectBriskly, topic: topics.events, after, handler, logger, metrics }),
    consume(group, handler) {
      const groupId = groupOf(config.KAFKA_PREFIX, group)
      const part = consume({
        db,
        connect,
        groupId,
        group,
        topic: topics.events,
        partitions,
        partitionOf,
        handler,
        logger,
        metrics,
      })
      return join(part.member, part)
    },
    sendMarks: marks.send,
    receiveMarks(handler) {
      const member = joinGroup({
        connect,
        groupId: groupOf(config.KAFKA_PREFIX, 'receipts'),
        topic: topics.receipts,
        batchSize: marksAtOnce,
        handle: (_partition, messages) => handleMarkRecords(db, messages, handler, metrics),
        logger,
        metrics,
      })
      return join(member, member)
    },
    isReachable: () => monitor?.isReachable() ?? false,
    async close() {
      marks.close()
      await monitor?.stop()
    },
  }
}
