import { load } from 'js-yaml'
import type { KubernetesObject } from './render.ts'

export interface EnvironmentVariable {
  name: string
  value?: string
  valueFrom?: { secretKeyRef?: { name: string; key: string } }
}

export interface Container {
  name: string
  image: string
  command?: string[]
  env?: EnvironmentVariable[]
  ports?: { name: string; containerPort: number }[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  securityContext?: Record<string, unknown>
  volumeMounts?: { name: string; mountPath: string }[]
  livenessProbe?: unknown
  readinessProbe?: unknown
  startupProbe?: unknown
}

export interface PodSpec {
  automountServiceAccountToken?: boolean
  enableServiceLinks?: boolean
  serviceAccountName?: string
  securityContext?: Record<string, unknown>
  hostNetwork?: boolean
  hostPID?: boolean
  hostIPC?: boolean
  initContainers?: Container[]
  containers: Container[]
  volumes?: Record<string, unknown>[]
}

export interface Pod {
  /** Kind and name of the object that it is of. */
  of: string
  labels: Record<string, string>
  spec: PodSpec
}

type Template = { metadata: { labels: Record<string, string> }; spec: PodSpec }

/** Every pod that some objects lead to, those of the operator's job template too. */
export function podsOf(objects: readonly KubernetesObject[]): Pod[] {
  return objects.flatMap((object) => {
    const template = templateOf(object)
    const of = `${object.kind} ${object.metadata.name}`
    return template ? [{ of, labels: template.metadata.labels, spec: template.spec }] : []
  })
}

function templateOf(object: KubernetesObject): Template | undefined {
  const spec = object.spec ?? {}
  if (object.kind === 'Pod') return object as unknown as Template
  if (object.kind === 'CronJob') return (spec.jobTemplate as { spec: { template: Template } }).spec.template
  if (['Deployment', 'StatefulSet', 'Job', 'DaemonSet'].includes(object.kind)) return spec.template as Template
  const jobTemplate = object.kind === 'ConfigMap' ? object.data?.['job-template.yaml'] : undefined
  if (jobTemplate === undefined) return undefined
  return (load(jobTemplate) as { spec: { template: Template } }).spec.template
}

export const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers]
