import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startKafkaCluster } from './cluster.ts'
import { removeLeftovers } from './leftovers.ts'

interface TestKafka {
  brokers: string[]
  stop(): Promise<void>
}

const prefix = 'belfry-test-kafka-'
let started: Promise<TestKafka> | undefined

/**
 * The Kafka of this test run, `host:port` of its brokers: that of KAFKA_BROKERS (comma-separated), else one broker of our own,
 * started on first use. Tests share it: take topics and groups with names of your own.
 * @throws KafkaUnavailable
 */
export async function testKafka(): Promise<string[]> {
  started ??= start()
  return (await started).brokers
}

export async function stopTestKafka(): Promise<void> {
  const running = await started?.catch(() => undefined)
  started = undefined
  await running?.stop()
}

async function start(): Promise<TestKafka> {
  const outside = process.env.KAFKA_BROKERS
  if (outside) return { brokers: outside.split(','), stop: async () => undefined }
  await removeLeftovers(tmpdir(), prefix)
  const directory = path.join(tmpdir(), `${prefix}${process.pid}`)
  const remove = () => rm(directory, { recursive: true, force: true })
  await mkdir(directory)
  try {
    const cluster = await startKafkaCluster({ nodes: 1, directory })
    return {
      brokers: cluster.brokers,
      async stop() {
        await cluster.stop()
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}
