import { reportSkippedCluster } from './cluster.ts'
import { reportSkippedKafka } from './kafka/describe.ts'
import { stopTestKafka } from './kafka/kafka.ts'
import { stopTestPostgres } from './postgres.ts'

export const mochaHooks = {}

/** Ends what tests share, once, after the last test. */
export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopTestPostgres(), stopTestKafka()])
  reportSkippedKafka()
  reportSkippedCluster()
}
