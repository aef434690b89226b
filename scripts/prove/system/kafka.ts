import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { readConfig } from '#internal/config/read'
import { createClient, kafkaSettings } from '#internal/log/kafka/client'
import { topicsOf } from '#internal/log/kafka/names'
import { silentLog } from '#internal/telemetry/log'
import { type KafkaCluster, type KafkaNode, startKafkaCluster } from '#internal/testing/kafka/cluster'

/** Three brokers that can be killed and paused. */
export class Kafka {
  /** For the processes that use it. */
  readonly env: Record<string, string>
  readonly nodes: readonly KafkaNode[]
  readonly #cluster: KafkaCluster

  static async start(directory: string): Promise<Kafka> {
    const own = path.join(directory, 'kafka')
    await mkdir(own)
    return new Kafka(await startKafkaCluster({ nodes: 3, directory: own }))
  }

  private constructor(cluster: KafkaCluster) {
    this.#cluster = cluster
    this.nodes = cluster.nodes
    this.env = {
      BELFRY_LOG: 'kafka',
      BELFRY_KAFKA_BROKERS: cluster.brokers.join(),
      // Each has its own requests and copies, and here all processes share few processors.
      BELFRY_KAFKA_PARTITIONS: '3',
      BELFRY_KAFKA_REPLICATION: '3',
      BELFRY_KAFKA_MIN_INSYNC: '2',
    }
  }

  async deleteTopics(): Promise<void> {
    const config = readConfig(this.env, kafkaSettings)
    const admin = createClient(config, silentLog).kafka.admin()
    await admin.connect()
    const topics = Object.values(topicsOf(config.KAFKA_PREFIX))
    await admin.deleteTopics({ topics }).finally(() => admin.disconnect())
  }

  stop(): Promise<void> {
    return this.#cluster.stop()
  }
}
