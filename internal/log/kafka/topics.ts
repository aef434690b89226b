import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs'
import type { Topics } from './names.ts'

export interface TopicOptions {
  topics: Topics
  /** Of a topic that is made. */
  partitions: number
  /** Copies of each partition and how many must have a record before it counts; the brokers' own defaults when undefined. */
  replication: number | undefined
  minInSync: number | undefined
}

export interface TopicReport {
  created: string[]
  /** What is not as it should be, one line each. */
  problems: string[]
}

const hour = 3_600_000
// PostgreSQL has every event for as long as clients may ask for it: Kafka needs those that somebody has yet to read.
const eventHours = 24
// A mark is only here until a worker has applied it.
const receiptHours = 7 * 24

/** Makes the topics that are not there, and says what is wrong with those that are. Two that do so at once do no harm. */
export async function ensureTopics(
  admin: Admin,
  { topics, partitions, replication, minInSync }: TopicOptions,
): Promise<TopicReport> {
  const known = new Set(await admin.listTopics())
  const created = Object.values(topics).filter((topic) => !known.has(topic))
  const hours = { [topics.events]: eventHours, [topics.receipts]: receiptHours }
  if (created.length > 0)
    await admin.createTopics({
      topics: created.map((topic) => ({
        topic,
        numPartitions: partitions,
        replicationFactor: replication ?? -1,
        configEntries: [
          { name: 'retention.ms', value: String(hours[topic]! * hour) },
          ...(minInSync === undefined ? [] : [{ name: 'min.insync.replicas', value: String(minInSync) }]),
        ],
      })),
    })
  return { created, problems: await checkTopics(admin, { topics, partitions, replication, minInSync }) }
}

async function checkTopics(
  admin: Admin,
  { topics, partitions, replication, minInSync }: TopicOptions,
): Promise<string[]> {
  const names = Object.values(topics)
  const { topics: found } = await admin.fetchTopicMetadata({ topics: names })
  const { resources } = await admin.describeConfigs({
    resources: names.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['min.insync.replicas'],
    })),
    includeSynonyms: false,
  })
  const inSync = new Map(resources.map((each) => [each.resourceName, Number(each.configEntries[0]?.configValue)]))
  return found.flatMap((topic) => problemsOf(topic, inSync.get(topic.name)!))

  function problemsOf({ name, partitions: own }: ITopicMetadata, least: number): string[] {
    const copies = Math.min(...own.map(({ replicas }) => replicas.length))
    return [
      ...(own.length < partitions ? [`${name} has ${own.length} partitions and needs ${partitions}`] : []),
      ...(replication !== undefined && copies < replication
        ? [`${name} has ${copies} replicas, not ${replication}`]
        : []),
      ...(minInSync !== undefined && least !== minInSync
        ? [`${name} has min.insync.replicas=${least}, not ${minInSync}`]
        : []),
      ...(least > copies ? [`${name} needs ${least} in-sync replicas and has ${copies}: nothing can be written`] : []),
    ]
  }
}

/** Partitions of a topic; undefined when it is not there. */
export async function countPartitions(admin: Admin, topic: string): Promise<number | undefined> {
  if (!(await admin.listTopics()).includes(topic)) return undefined
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return topics[0]?.partitions.length
}
