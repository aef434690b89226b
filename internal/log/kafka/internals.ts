import { createRequire } from 'node:module'
import type { Kafka, KafkaMessage } from 'kafkajs'

/*
 * kafkajs reads without a consumer group only through classes that are not public. This is all of them that we use, as they are in
 * the pinned version; a new version needs a look at `follow.test.ts`.
 */

export interface Cluster {
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** @throws when the topic is not there. */
  addTargetTopic(topic: string): Promise<void>
  findTopicPartitionMetadata(topic: string): { partitionId: number; leader: number }[]
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ partitions: { partition: number; offset: string }[] }[]>
  findBroker(options: { nodeId: string }): Promise<Broker>
}

export interface Broker {
  /** @throws also when the answer for one of the partitions is an error, e.g. after its leader has moved. */
  fetch(options: {
    maxWaitTime: number
    minBytes: number
    maxBytes: number
    isolationLevel: number
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[]
  }): Promise<{ responses: { topicName: string; partitions: PartitionData[] }[] }>
}

interface PartitionData {
  partition: number
  highWatermark: string
}

export interface Batch {
  messages: KafkaMessage[]
  rawMessages: KafkaMessage[]
  lastOffset(): string
}

/** A connection to the cluster of its own. */
export function createCluster(kafka: Kafka): Cluster {
  const create = Object.getOwnPropertySymbols(kafka).find((key) => key.description === 'private:Kafka:createCluster')
  if (!create) throw new Error('this version of kafkajs has no private:Kafka:createCluster')
  const make = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[create]!
  return make({ metadataMaxAge: 30_000, allowAutoTopicCreation: false, isolationLevel: 1 })
}

/** The records of an answer, without those before the offset that was asked for. */
export const Batch: new (topic: string, fetchedOffset: string, data: PartitionData) => Batch = createRequire(
  import.meta.url,
)('kafkajs/src/consumer/batch')
