import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { loadAll } from 'js-yaml'
import { run } from './run.ts'

export const chart = path.resolve(import.meta.dirname, '../../charts/belfry')
export const release = 'belfry'
export const namespace = 'belfry'

/**
 * A file of values: charts/belfry/ci/*.yaml and the examples of k8s/ are good, charts/belfry/ci/bad/*.yaml begin with `# expect: ` and what
 * Helm must say.
 */
export interface ValuesFile {
  name: string
  file: string
}

const examples = ['production', 'operators'].map((name) => ({
  name: `k8s/${name}`,
  file: path.resolve(chart, '../../k8s', name, 'values.yaml'),
}))
export const goodValues: readonly ValuesFile[] = [...valuesIn('ci'), ...examples]
export const badValues = valuesIn('ci/bad').map((values) => ({
  ...values,
  expected: /^# expect: (.*)$/m.exec(readFileSync(values.file, 'utf8'))?.[1],
}))

function valuesIn(folder: string): ValuesFile[] {
  const directory = path.join(chart, folder)
  return readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name: name.replace(/(-values)?\.yaml$/, ''), file: path.join(directory, name) }))
}

/** An object as the API server would get it, as far as the checks look at it. */
export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  spec?: Record<string, unknown>
  data?: Record<string, string>
}

export interface Rendered {
  text: string
  objects: KubernetesObject[]
}

export interface RenderOptions {
  /** Of the release. */
  name?: string
  /** `key=value`, over those of the file. */
  set?: readonly string[]
}

/** What `helm template` makes of the chart. @throws with what Helm says. */
export async function render(helm: string, { file }: ValuesFile, options: RenderOptions = {}): Promise<Rendered> {
  const { code, stdout, stderr } = await template(helm, file, options)
  if (code !== 0) throw new Error(stderr.trim())
  return { text: stdout, objects: loadAll(stdout).filter(Boolean) as KubernetesObject[] }
}

export function template(helm: string, file: string, { name = release, set = [] }: RenderOptions = {}) {
  const values = ['--values', file, ...set.flatMap((each) => ['--set', each])]
  return run(helm, ['template', name, chart, '--namespace', namespace, '--kube-version', '1.31.0', ...values])
}
