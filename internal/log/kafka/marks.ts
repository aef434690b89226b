import type { KafkaMessage } from 'kafkajs'
import type { Knex } from 'knex'
import type { Metrics } from '#internal/telemetry/metrics'
import { handleMarks } from '../handle-marks.ts'
import type { MarksHandler } from '../log.ts'
import { parseMark } from './record.ts'

/** Handles the marks of some records, at least once: should the process die before the offset is kept they come again, and change nothing. */
export async function handleMarkRecords(
  db: Knex,
  messages: KafkaMessage[],
  handler: MarksHandler,
  metrics: Metrics,
): Promise<void> {
  const marks = messages.flatMap((message) => parseMark(message) ?? [])
  await db.transaction((trx) => handleMarks(trx, marks, handler, metrics))
}
