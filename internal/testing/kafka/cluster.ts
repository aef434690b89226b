import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type KafkaNode, makeNode } from './node.ts'

export type { KafkaNode } from './node.ts'

export interface KafkaClusterOptions {
  nodes: 1 | 3
  /** Gets the data and logs; stays when the cluster is stopped. */
  directory: string
  /** Broker settings, over those of ours. */
  properties?: Record<string, string>
  /** More arguments of Kafka's `storage format`. */
  formatArgs?: readonly string[]
  /** Java heap of each node; a node takes about 100 MB more. */
  heapMb?: number
}

export interface KafkaCluster {
  /** `127.0.0.1:port` of each node. */
  brokers: string[]
  nodes: KafkaNode[]
  /** Kills all nodes. */
  stop(): Promise<void>
}

// 16 bytes as base64url. Clusters never see each other, so one will do.
const clusterId = 'YmVsZnJ5LXRlc3Qta2Fmaw'

/**
 * A real Kafka on loopback. Three nodes keep three copies of everything and need two of them for a write.
 * @throws KafkaUnavailable when there is no Java, or no jars.
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const { directory, properties = {}, formatArgs = [], heapMb = 320 } = options
  const ids = Array.from({ length: options.nodes }, (_, index) => index + 1)
  const ports = await freePorts(options.nodes * 3)
  const portsOf = (id: number) => ports.slice((id - 1) * 3, id * 3)
  const voters = ids.map((id) => `${id}@127.0.0.1:${portsOf(id)[2]}`).join(',')
  const nodes = await Promise.all(
    ids.map((id) => {
      const ours = brokerProperties(id, portsOf(id), voters, options.nodes)
      const broker = `127.0.0.1:${portsOf(id)[0]}`
      const own = path.join(directory, `node${id}`)
      return makeNode({
        id,
        broker,
        directory: own,
        properties: { ...ours, ...properties },
        clusterId,
        formatArgs,
        heapMb,
      })
    }),
  )
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.kill('SIGKILL')))
  }
  try {
    await Promise.all(nodes.map((node) => node.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return { brokers: nodes.map((node) => node.broker), nodes, stop }
}

/** CLIENT is the listener that tests talk to; the nodes talk to each other on listeners of their own. */
function brokerProperties(id: number, ports: readonly number[], voters: string, nodes: 1 | 3): Record<string, string> {
  const [client, internal, controller] = ports.map((port) => `://127.0.0.1:${port}`)
  const copies = String(nodes)
  const inSync = nodes === 3 ? '2' : '1'
  return {
    'process.roles': 'broker,controller',
    'node.id': String(id),
    'controller.quorum.voters': voters,
    listeners: `CLIENT${client},INTERNAL${internal},CONTROLLER${controller}`,
    'listener.security.protocol.map': 'CLIENT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'INTERNAL',
    'auto.create.topics.enable': 'false',
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    // Kafka's own default holds the first join of an empty group back for 3 s.
    'group.initial.rebalance.delay.ms': '0',
    // Small and quick to start.
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.num.partitions': '5',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'log.cleaner.dedupe.buffer.size': '16777216',
  }
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add(await findFreePort())
  return [...ports]
}
