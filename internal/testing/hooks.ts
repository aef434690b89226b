import { stopTestKafka } from './kafka/kafka.ts'
import { stopTestPostgres } from './postgres.ts'
import { reportSkipped } from './skip.ts'

export const mochaHooks = {}

/** Ends what tests share, once, after the last test. */
export async function mochaGlobalTeardown(): Promise<void> {
  await Promise.all([stopTestPostgres(), stopTestKafka()])
  reportSkipped()
}
