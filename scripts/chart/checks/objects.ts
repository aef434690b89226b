import { containersOf, podsOf } from '../pods.ts'
import { goodValues, type KubernetesObject, type RenderOptions, render } from '../render.ts'
import type { Check } from './check.ts'

/** Every object has the usual labels, a namespace where it takes one, and a name of its own. */
export const objects: Check = async ({ rendered }) =>
  rendered.flatMap(({ values, result }) => {
    const ids = result.objects.map(idOf)
    const repeated = ids.filter((id, at) => ids.indexOf(id) !== at)
    return [
      ...repeated.map((id) => `${values.name}: ${id} is there twice`),
      ...result.objects.flatMap((object) =>
        labelProblems(object).map((text) => `${values.name}: ${idOf(object)} ${text}`),
      ),
    ]
  })

const idOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
const clusterWide = new Set(['ClusterRole', 'CustomResourceDefinition', 'Namespace'])
const usual = ['name', 'instance', 'part-of', 'managed-by'].map((name) => `app.kubernetes.io/${name}`)

function labelProblems({ kind, metadata }: KubernetesObject): string[] {
  // Users write those of `extraObjects` themselves.
  if (metadata.annotations?.['example.com/extra']) return []
  const missing = usual.filter((label) => metadata.labels?.[label] === undefined)
  return [
    ...missing.map((label) => `has no label ${label}`),
    ...(metadata.namespace === undefined && !clusterWide.has(kind) ? ['has no namespace'] : []),
  ]
}

const defaults = goodValues.find(({ name }) => name === 'default')!

/** A Job gets another name when it would run something else, and only then: the API server lets nobody change one. */
export const jobNames: Check = async ({ tools }) => {
  const jobs = async (options: RenderOptions) => {
    const { objects } = await render(tools.helm, defaults, options)
    return objects.filter(({ kind }) => kind === 'Job').map(({ metadata }) => metadata.name)
  }
  const before = await jobs({})
  const sameAfter = async (set: string) => (await jobs({ set: [set] })).filter((name) => before.includes(name)).length
  return [
    ...(before.length === 2 ? [] : [`there are the Jobs ${before.join(', ')}`]),
    ...((await sameAfter('image.tag=other')) === 0 ? [] : ['another image, and the name of a Job is the same']),
    ...((await sameAfter('commonLabels.team=other')) === 0 ? [] : ['another label, and the name of a Job is the same']),
    ...((await sameAfter('api.replicaCount=3')) === 2 ? [] : ['more pods of api, and a Job has another name']),
  ]
}

/** Kubernetes' limits for what gets a suffix: pods of a StatefulSet, Jobs of a CronJob. */
const limits: Readonly<Record<string, number>> = { CronJob: 52, StatefulSet: 52, Job: 63, Service: 63, Deployment: 63 }

/** A release name of the greatest length makes no name too long. */
export const names: Check = async ({ tools }) => {
  const { objects } = await render(tools.helm, defaults, { name: 'x'.repeat(53) })
  return objects
    .filter(({ kind, metadata }) => metadata.name.length > (limits[kind] ?? 253))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} has ${metadata.name.length} characters`)
}

/** What refers to another object of the chart finds it: Secrets and ConfigMaps, ServiceAccounts, what Services and policies select. */
export const references: Check = async ({ rendered }) =>
  rendered.flatMap(({ values, result }) => missingReferences(result.objects).map((text) => `${values.name}: ${text}`))

function missingReferences(objects: readonly KubernetesObject[]): string[] {
  const pods = podsOf(objects)
  const has = (kind: string, name: string) => objects.some((each) => each.kind === kind && each.metadata.name === name)
  const secrets = new Set(objects.filter(({ kind }) => kind === 'Secret').flatMap(keysOf))
  for (const key of generatedKeys(objects)) secrets.add(key)
  // Those of others are named by users.
  const isOurs = (name: string) => /^belfry-(config|secrets)$/.test(name)
  const fromEnvironment = pods.flatMap((pod) =>
    containersOf(pod).flatMap(({ env = [] }) =>
      env.flatMap(({ valueFrom }) => {
        const ref = valueFrom?.secretKeyRef
        const id = `${ref?.name}/${ref?.key}`
        return ref && isOurs(ref.name) && !secrets.has(id) ? [`${pod.of} refers to ${id}, which nothing makes`] : []
      }),
    ),
  )
  const accounts = pods.flatMap(({ of, spec: { serviceAccountName: name } }) =>
    name?.startsWith('belfry-') && !has('ServiceAccount', name)
      ? [`${of} has the ServiceAccount ${name}, which is not there`]
      : [],
  )
  const selectors = objects.flatMap(({ kind, metadata, spec }) => {
    const labels = (kind === 'Service' ? spec?.selector : undefined) as Record<string, string> | undefined
    if (!labels) return []
    const matches = pods.some((pod) => Object.entries(labels).every(([key, value]) => pod.labels[key] === value))
    return matches ? [] : [`${kind} ${metadata.name} selects no pod`]
  })
  return [...fromEnvironment, ...accounts, ...selectors]
}

const keysOf = ({ metadata, data = {} }: KubernetesObject) => Object.keys(data).map((key) => `${metadata.name}/${key}`)

/** `<secret>/<key>` of what the Job makes. */
function generatedKeys(objects: readonly KubernetesObject[]): string[] {
  return podsOf(objects)
    .filter(({ labels }) => labels['app.kubernetes.io/component'] === 'secrets')
    .flatMap(({ spec }) => {
      const [name, ...pairs] = spec.containers[0]!.command!.slice(2)
      return pairs.map((pair) => `${name}/${pair.split('=')[0]}`)
    })
}
