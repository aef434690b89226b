import type { CompressionTypes, KafkaMessage, Producer } from 'kafkajs'
import type { Knex } from 'knex'
import type { Mark } from '#internal/events/mark'
import { within } from '#internal/runtime/backoff'
import type { Metrics } from '#internal/telemetry/metrics'
import { handleMarks } from '../handle-marks.ts'
import type { MarksHandler } from '../log.ts'
import type { Client, Connect } from './client.ts'
import { markKey, markRecord, parseMark } from './record.ts'
import { createProducer, sendInOrder } from './send.ts'

export interface MarksSenderOptions {
  connect: Connect
  topic: string
  partitionOf: (key: string) => number
  compression: CompressionTypes
  /** How long the brokers may take, milliseconds. */
  sendMs?: number
}

export interface MarksSender {
  /** Resolves when the marks are on Kafka. @throws within seconds when they may not be. */
  send(marks: readonly Mark[]): Promise<void>
  close(): void
}

/** Puts marks onto Kafka. After a failure it connects anew. */
export function createMarksSender(options: MarksSenderOptions): MarksSender {
  const { connect, topic, partitionOf, compression, sendMs = 10_000 } = options
  let session: { client: Client; producer: Producer; connected: Promise<void> } | undefined

  function open() {
    const client = connect()
    const producer = createProducer(client.kafka)
    return { client, producer, connected: producer.connect() }
  }

  return {
    async send(marks) {
      session ??= open()
      const { client, producer, connected } = session
      const records = marks.map((mark) => markRecord(mark, partitionOf(markKey(mark))))
      let sent = false
      try {
        const work = connected.then(() => sendInOrder(producer, topic, records, compression))
        await within(
          sendMs,
          work.then(() => (sent = true)),
        )
        if (!sent) throw new Error(`Kafka did not take ${marks.length} marks in ${sendMs / 1000} s`)
      } catch (error) {
        client.close()
        if (session?.client === client) session = undefined
        throw error
      }
    },
    close: () => session?.client.close(),
  }
}

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
