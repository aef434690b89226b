import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs'
import { sleep } from '#internal/runtime/backoff'
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

/** How often to look for a topic that was just made, and how long to wait in between. */
const looks = 200
const lookMs = 50

/** Makes the topics that are not there, and says what is wrong with those that are. Two that do so at once do no harm. */
export async function ensureTopics(admin: Admin, options: TopicOptions): Promise<TopicReport> {
  const names = Object.values(options.topics)
  let found = await describeTopics(admin, names)
  const isFound = (name: string) => found.some((topic) => topic.name === name)
  const created = names.filter((name) => !isFound(name))
  if (created.length > 0) {
    await createTopics(admin, created, options)
    // Not every broker knows of them at once.
    for (let look = 0; look < looks && !created.every(isFound); look++) {
      await sleep(lookMs)
      found = await describeTopics(admin, names)
    }
  }
  return { created, problems: await problemsOf(admin, found, options) }
}

async function createTopics(
  admin: Admin,
  names: string[],
  { topics, partitions, replication, minInSync }: TopicOptions,
): Promise<void> {
  const hours = { [topics.events]: eventHours, [topics.receipts]: receiptHours }
  await admin.createTopics({
    // kafkajs gives up on a topic that the broker it asks does not know of yet.
    waitForLeaders: false,
    topics: names.map((topic) => ({
      topic,
      numPartitions: partitions,
      replicationFactor: replication ?? -1,
      configEntries: [
        { name: 'retention.ms', value: String(hours[topic]! * hour) },
        ...(minInSync === undefined ? [] : [{ name: 'min.insync.replicas', value: String(minInSync) }]),
      ],
    })),
  })
}

async function problemsOf(
  admin: Admin,
  found: ITopicMetadata[],
  { partitions, replication, minInSync }: TopicOptions,
): Promise<string[]> {
  const { resources } = await admin.describeConfigs({
    resources: found.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['min.insync.replicas'],
    })),
    includeSynonyms: false,
  })
  const inSync = new Map(resources.map((each) => [each.resourceName, Number(each.configEntries[0]?.configValue)]))
  return found.flatMap(({ name, partitions: own }) => {
    const least = inSync.get(name)!
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
  })
}

/** Partitions of a topic; undefined when it is not there. */
export async function countPartitions(admin: Admin, name: string): Promise<number | undefined> {
  const [topic] = await describeTopics(admin, [name])
  return topic?.partitions.length
}

/** Those that are there. One by one: the request for several fails when one is not there, that for all when any topic of others is ill. */
async function describeTopics(admin: Admin, names: string[]): Promise<ITopicMetadata[]> {
  const found: ITopicMetadata[] = []
  for (const name of names) {
    try {
      found.push(...(await admin.fetchTopicMetadata({ topics: [name] })).topics)
    } catch (error) {
      if ((error as { type?: string }).type !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error
    }
  }
  return found
}
