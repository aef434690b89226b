import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { loadAll } from 'js-yaml'

const run = promisify(execFile)

// biome-ignore lint/suspicious/noExplicitAny: any object of Kubernetes
export type KubernetesObject = any

/** What Tilt calls a workload: objects that make pods. */
const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']
export const isWorkload = ({ kind }: KubernetesObject): boolean => workloadKinds.includes(kind)

export interface HelmArguments {
  pathToChartDir: string
  name: string
  namespace: string
  values: string[]
}

/** The objects that Tilt's `helm()` gives: hooks are not among them. @throws what helm says */
export async function renderChart(helm: string, root: string, options: HelmArguments): Promise<KubernetesObject[]> {
  const { pathToChartDir, name, namespace, values } = options
  const args = ['template', name, pathToChartDir, '--namespace', namespace, ...values.flatMap((file) => ['-f', file])]
  const { stdout } = await run(helm, args, { cwd: root, maxBuffer: 64_000_000 })
  const objects = (loadAll(stdout) as KubernetesObject[]).filter(Boolean)
  return objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined)
}

export const podSpecOf = (workload: KubernetesObject): KubernetesObject =>
  workload.kind === 'CronJob' ? workload.spec.jobTemplate.spec.template.spec : workload.spec.template.spec

export const containersOf = (workload: KubernetesObject): KubernetesObject[] => {
  const { initContainers = [], containers } = podSpecOf(workload)
  return [...initContainers, ...containers]
}
