import path from 'node:path'
import { kubernetesSchemas, type kubernetesVersions } from '../kubernetes-schemas.ts'
import { run } from '../run.ts'
import type { Check } from './check.ts'

/** Strimzi's CRDs are in no package. The unit tests look at these; a cluster with the CRDs checks them. */
const withoutSchema = 'KafkaTopic,KafkaUser'

/** Every manifest fits the API of one version of Kubernetes, and has no field that is not there. */
export const conformsTo =
  (version: (typeof kubernetesVersions)[number]): Check =>
  async ({ tools, rendered }) => {
    const schemas = await kubernetesSchemas()
    const locations = [
      path.join(schemas, `v${version}`, '{{.ResourceKind}}{{.KindSuffix}}.json'),
      path.join(schemas, 'crds', '{{.Group}}', '{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'),
    ]
    const args = ['-strict', '-skip', withoutSchema, ...locations.flatMap((location) => ['-schema-location', location])]
    const problems: string[] = []
    for (const { values, result } of rendered) {
      const { code, stdout, stderr } = await run(tools.kubeconform, args, { input: result.text })
      if (code !== 0) problems.push(`${values.name}: ${(stdout + stderr).trim()}`)
    }
    return problems
  }

/** What kube-score says that does not hold here. */
const exceptions: Readonly<Record<string, string>> = {
  'container-resources':
    'no CPU limits: a process that is throttled answers late; another check sees to memory and requests',
  'container-ephemeral-storage-request-and-limit': 'nothing is written but to /tmp, and little',
  'container-image-pull-policy': 'tags are fixed, so what a node has is right',
  'container-security-context-user-group-id': 'the uids are those of the images',
  'pod-probes-identical':
    'an open port is all that can be asked of a broker; one that has none is neither alive nor ready',
  'networkpolicy-targets-pod': 'the pods of CloudNativePG are not in the chart',
  'deployment-has-host-podantiaffinity': 'topology spread does that',
  'statefulset-has-host-podantiaffinity': 'topology spread does that',
  'statefulset-has-poddisruptionbudget': 'with one pod it would only forbid to drain the node',
}

/** kube-score finds nothing to say about the installations that are meant for production. */
export const score: Check = async ({ tools, rendered }) => {
  const production = rendered.filter(({ values }) => values.name.startsWith('production'))
  const args = [
    'score',
    '-',
    '--output-format',
    'ci',
    ...Object.keys(exceptions).flatMap((name) => ['--ignore-test', name]),
  ]
  const outputs = await Promise.all(
    production.map(({ result }) => run(tools['kube-score'], args, { input: result.text })),
  )
  return outputs.flatMap(({ stdout, stderr }) => {
    if (!stdout) return [stderr.trim()]
    return stdout.split('\n').filter((line) => /^\[(CRITICAL|WARNING)\]/.test(line))
  })
}
