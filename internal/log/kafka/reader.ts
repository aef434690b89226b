import type { KafkaMessage } from 'kafkajs'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Subscription } from '../log.ts'
import type { Connect } from './client.ts'
import { Batch, type Cluster, createCluster } from './internals.ts'

export interface ReaderOptions {
  connect: Connect
  topic: string
  /** One answer's records of one partition, in order. The next request waits for it. */
  onMessages: (messages: KafkaMessage[]) => Promise<void>
  /** @param attempt how many in a row failed before. */
  onError: (error: unknown, attempt: number) => void
}

export interface Reader extends Subscription {
  /** Gives up what it is at and begins anew: for when it should hear something and does not. */
  restart(): void
}

const maxWaitMs = 500
const bytesPerPartition = 1_048_576
const bytesPerAnswer = 10_485_760

/**
 * Reads every partition of a topic from now on, without a consumer group: nothing to join, nothing to leave. Whatever goes wrong, it
 * begins anew with what is newest then: who uses it must get what came meanwhile from elsewhere.
 */
export function startReader({ connect, topic, onMessages, onError }: ReaderOptions): Reader {
  let restart = () => {}

  async function session(stopping: AbortSignal): Promise<Found> {
    const client = connect()
    const ending = new AbortController()
    const end = () => {
      ending.abort()
      client.close()
    }
    restart = end
    stopping.addEventListener('abort', end)
    try {
      await readAll(createCluster(client.kafka), ending.signal)
    } catch (error) {
      if (!ending.signal.aborted) throw error
    } finally {
      stopping.removeEventListener('abort', end)
      end()
    }
    return 'some'
  }

  async function readAll(cluster: Cluster, ending: AbortSignal): Promise<void> {
    await cluster.connect()
    await cluster.addTargetTopic(topic)
    const leaders = Object.groupBy(await newest(cluster), ({ leader }) => String(leader))
    const readers = Object.entries(leaders).map(([nodeId, own]) => readLeader(cluster, nodeId, own!, ending))
    await Promise.all(readers)
  }

  async function newest(cluster: Cluster): Promise<Assigned[]> {
    const partitions = cluster.findTopicPartitionMetadata(topic)
    const wanted = partitions.map(({ partitionId }) => ({ partition: partitionId }))
    const [ends] = await cluster.fetchTopicsOffset([{ topic, partitions: wanted, fromBeginning: false }])
    const offsets = new Map(ends?.partitions.map(({ partition, offset }) => [partition, offset]))
    return partitions.map(({ partitionId, leader }) => ({
      partition: partitionId,
      leader,
      fetchOffset: offsets.get(partitionId) ?? '0',
      maxBytes: bytesPerPartition,
    }))
  }

  async function readLeader(cluster: Cluster, nodeId: string, own: Assigned[], ending: AbortSignal): Promise<void> {
    while (!ending.aborted) {
      const broker = await cluster.findBroker({ nodeId })
      const { responses } = await broker.fetch({
        maxWaitTime: maxWaitMs,
        minBytes: 1,
        maxBytes: bytesPerAnswer,
        isolationLevel: 1,
        topics: [{ topic, partitions: own }],
      })
      for (const data of responses.flatMap((response) => response.partitions)) {
        const asked = own.find(({ partition }) => partition === data.partition)!
        const batch = new Batch(topic, asked.fetchOffset, data)
        if (batch.rawMessages.length === 0) continue
        if (batch.messages.length > 0 && !ending.aborted) await onMessages(batch.messages)
        asked.fetchOffset = String(BigInt(batch.lastOffset()) + 1n)
      }
    }
  }

  const loop = new Loop({ turn: session, idle: { minMs: 100, maxMs: 100 }, settledMs: 10_000, onError }).start()
  return { stop: () => loop.stop(), restart: () => restart() }
}

interface Assigned {
  partition: number
  leader: number
  fetchOffset: string
  maxBytes: number
}
