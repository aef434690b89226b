import type { CompressionTypes, Kafka, Message, Producer } from 'kafkajs'

/** Bounds of one request; a batch counts against the broker's `max.message.bytes` as a whole. */
const maxRecords = 500
const maxBytes = 500_000

/** A producer for `sendInOrder`: records say themselves where they go. */
export const createProducer = (kafka: Kafka): Producer =>
  kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition!,
  })

/**
 * Writes records to their partitions, each partition's in the order given. Resolves when all are on every in-sync replica; rejects
 * with the first failure when nothing is under way any more: some may then be there, and all must be sent again.
 *
 * kafkajs loses records that it acknowledges when a request spans brokers, or when two requests of one partition wait while it is
 * idempotent. So: every request is for one partition, each partition has one under way, and the producer is not idempotent.
 */
export async function sendInOrder(
  producer: Producer,
  topic: string,
  records: readonly Message[],
  compression: CompressionTypes,
): Promise<void> {
  const outcomes = await Promise.allSettled(
    [...byPartition(records)].map(async (own) => {
      for (const messages of chunks(own)) await producer.send({ topic, acks: -1, compression, messages })
    }),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

function byPartition(records: readonly Message[]): Iterable<Message[]> {
  const partitions = new Map<number, Message[]>()
  for (const record of records) {
    const own = partitions.get(record.partition!)
    if (own) own.push(record)
    else partitions.set(record.partition!, [record])
  }
  return partitions.values()
}

function* chunks(records: Message[]): Iterable<Message[]> {
  let chunk: Message[] = []
  let bytes = 0
  for (const record of records) {
    const size = Buffer.byteLength(record.value!)
    if (chunk.length === maxRecords || (chunk.length > 0 && bytes + size > maxBytes)) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(record)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}
