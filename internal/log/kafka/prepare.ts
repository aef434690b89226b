import type { Knex } from 'knex'
import { PlainError } from '#internal/runtime/plain-error'
import type { Logger } from '#internal/telemetry/log'
import { brisk, createClient } from './client.ts'
import type { KafkaLogConfig } from './log.ts'
import { topicsOf } from './names.ts'
import { fixPartitions } from './progress.ts'
import { countPartitions, ensureTopics, type TopicReport } from './topics.ts'

/**
 * Prepares Kafka for the log, any number of times: fixes the number of partitions the first time, makes the topics that are not there
 * and checks those that are.
 * @throws PlainError when the brokers do not answer or refuse.
 */
export async function prepareKafka(db: Knex, config: KafkaLogConfig, logger: Logger): Promise<TopicReport> {
  const topics = topicsOf(config.KAFKA_PREFIX)
  const client = createClient(config, logger, brisk)
  const admin = client.kafka.admin()
  try {
    await admin.connect()
    const partitions = await fixPartitions(db, (await countPartitions(admin, topics.events)) ?? config.KAFKA_PARTITIONS)
    return await ensureTopics(admin, {
      topics,
      partitions,
      replication: config.KAFKA_REPLICATION,
      minInSync: config.KAFKA_MIN_INSYNC,
    })
  } catch (error) {
    if (!(error as Error).name.startsWith('KafkaJS')) throw error
    throw new PlainError(`Kafka at ${config.KAFKA_BROKERS!.join(', ')} cannot be used: ${reasonOf(error as Error)}`)
  } finally {
    client.close()
  }
}

function reasonOf({ message, errors }: Error & { errors?: (Error & { topic?: string })[] }): string {
  // One request may have failed for several reasons.
  if (errors) return errors.map((each) => `${each.topic}: ${each.message}`).join('; ')
  if (message === 'Closed connection') return 'they close the connection; it may be that they want TLS or a password'
  return message
}
