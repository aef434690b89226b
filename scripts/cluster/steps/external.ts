import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { Cluster } from '../cluster.ts'
import { Release } from '../release.ts'
import type { Context } from './index.ts'

const values = path.join(import.meta.dirname, '../external-values.yaml')
const database = 'external'

/** Another release in a namespace of its own, on a database and brokers that are there already, all policies on. */
export async function external({ cluster, image, tags }: Context): Promise<string> {
  const { namespace } = cluster
  const other = new Cluster(`${namespace}-external`)
  await other.recreate()
  const password = randomBytes(16).toString('hex')
  await cluster.psql(
    `create role ${database} login password '${password}'`,
    `create database ${database} owner ${database}`,
  )
  await cluster.apply(doorFrom(other.namespace))
  const url = `postgres://${database}:${password}@belfry-postgresql.${namespace}.svc/${database}`
  const data = { url, 'jwt-secret': randomBytes(32).toString('hex') }
  await other.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'managed' }, stringData: data })

  const release = new Release(other.namespace, image, values)
  await release.put(tags.first, { sets: [`kafka.external.brokers[0]=belfry-kafka.${namespace}.svc:9092`] })
  await release.test()
  const pods = await other.list('pods', 'app.kubernetes.io/name=belfry')
  await release.uninstall()
  await other.remove(false)
  return `${pods.length} pods on a database and brokers of others; a message went through`
}

/** To PostgreSQL and Kafka, whose own policies let nobody else in. */
const doorFrom = (namespace: string) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'door' },
  spec: {
    podSelector: {
      matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['postgresql', 'kafka'] }],
    },
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }] }],
  },
})
