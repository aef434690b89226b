import { readConfig } from '#internal/config/read'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import type { TestDatabase } from '#internal/testing/database'
import { createKafkaLog, type KafkaLog, type KafkaLogConfig, kafkaLogSettings } from './log.ts'
import { prepareKafka } from './prepare.ts'

/** Settings for topics of the database's own. */
export function kafkaTestConfig(database: TestDatabase, brokers: string[]): KafkaLogConfig {
  const name = new URL(database.url).pathname.slice(1)
  return readConfig(
    { BELFRY_KAFKA_BROKERS: brokers.join(), BELFRY_KAFKA_PREFIX: name, BELFRY_KAFKA_PARTITIONS: '4' },
    kafkaLogSettings,
  )
}

/** A log as a process of its own would have it. */
export async function kafkaTestLog(database: TestDatabase, brokers: string[]): Promise<KafkaLog> {
  const config = kafkaTestConfig(database, brokers)
  await prepareKafka(database.db, config, silentLog)
  return createKafkaLog({ db: database.db, config, logger: silentLog, metrics: createMetrics('test') })
}
