import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Knex } from 'knex'
import { readConfig } from '#internal/config/read'
import { logSettings, prepareLog } from '#internal/platform/log'
import { silentLog } from '#internal/telemetry/log'
import { startKafkaCluster } from '#internal/testing/kafka/cluster'

/** What carries the log in a run of the bench. */
export type LogName = 'postgres' | 'kafka'

/** The brokers of a run: those of KAFKA_BROKERS (comma-separated), else one of our own. */
export class BenchKafka {
  readonly #brokers: string[]
  readonly stop: () => Promise<void>

  static async start(directory: string): Promise<BenchKafka> {
    const outside = process.env.KAFKA_BROKERS
    if (outside) return new BenchKafka(outside.split(','), async () => undefined)
    const own = path.join(directory, 'kafka')
    await mkdir(own)
    const cluster = await startKafkaCluster({ nodes: 1, directory: own })
    return new BenchKafka(cluster.brokers, () => cluster.stop())
  }

  private constructor(brokers: string[], stop: () => Promise<void>) {
    this.#brokers = brokers
    this.stop = stop
  }

  /** Makes topics for a database of the bench. Returns the settings of its processes. */
  async prepare(db: Knex, name: string): Promise<Record<string, string>> {
    // Brokers of KAFKA_BROKERS may have the topics of an earlier run, which say other things than this database.
    const prefix = `${name}_${process.pid}`
    const settings = {
      BELFRY_LOG: 'kafka',
      BELFRY_KAFKA_BROKERS: this.#brokers.join(),
      BELFRY_KAFKA_PREFIX: prefix,
    }
    const { problems } = await prepareLog(db, readConfig(settings, logSettings), silentLog)
    if (problems.length > 0) throw new Error(problems.join('; '))
    return settings
  }
}
