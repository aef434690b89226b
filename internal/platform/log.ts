import type { Knex } from 'knex'
import type { SettingName, SettingValue } from '#internal/config/settings'
import { createKafkaLog, kafkaLogSettings, requirePrepared } from '#internal/log/kafka/log'
import { prepareKafka } from '#internal/log/kafka/prepare'
import type { TopicReport } from '#internal/log/kafka/topics'
import type { Log } from '#internal/log/log'
import { createPostgresLog } from '#internal/log/postgres/log'
import type { Lifecycle } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import type { Platform } from './start.ts'

/** Settings of the processes that read or write the log. */
export const logSettings = ['LOG', ...kafkaLogSettings] as const satisfies SettingName[]

export type LogConfig = { readonly [N in (typeof logSettings)[number]]: SettingValue<N> }

/** The platform of a process that reads or writes the log. */
export interface LogPlatform extends Platform {
  log: Log
}

/** Makes and checks what the log needs besides the schema. @throws PlainError when it cannot. */
export async function prepareLog(db: Knex, config: LogConfig, logger: Logger): Promise<TopicReport> {
  return config.LOG === 'kafka' ? prepareKafka(db, config, logger) : { created: [], problems: [] }
}

/** @throws PlainError when that has not been done */
export async function requireLog(db: Knex, { LOG }: Pick<LogConfig, 'LOG'>): Promise<void> {
  if (LOG === 'kafka') await requirePrepared(db)
}

/**
 * Brings up the log that BELFRY_LOG names. `isLogReachable` says whether what carries it answers; what is written, and who follows, does
 * not depend on that.
 * @throws PlainError when the log is not prepared.
 */
export async function startLog(
  lifecycle: Lifecycle,
  platform: Platform,
  config: LogConfig,
): Promise<LogPlatform & { isLogReachable(): boolean }> {
  const { db, logger, metrics, pollMs } = platform
  if (config.LOG === 'postgres')
    return { ...platform, log: createPostgresLog({ db, logger, metrics, pollMs }), isLogReachable: () => true }
  const log = await createKafkaLog({ db, config, logger, metrics })
  lifecycle.onStop('kafka', () => log.close())
  return { ...platform, log, isLogReachable: log.isReachable }
}
