import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Call, Evaluation } from './evaluation.ts'
import { containersOf, isWorkload, type KubernetesObject } from './rendered.ts'

export interface TiltfileFacts {
  /** The clone. */
  root: string
  evaluation: Evaluation
  /** All that the Tiltfile has applied. */
  objects: KubernetesObject[]
}

export const workloadId = ({ kind, metadata }: KubernetesObject): string => `${kind.toLowerCase()}/${metadata.name}`

/** Whatever the Tiltfile names must be there, and whatever is there must be in it. What is not so, a line each. */
export function problemsOf(facts: TiltfileFacts): string[] {
  return [...filesOf(facts), ...imagesOf(facts), ...resourcesOf(facts), ...commandsOf(facts)]
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value : value === undefined ? [] : [value as string])
const callsOf = ({ calls }: Evaluation, name: string) => calls.filter((call) => call.function === name)

function filesOf({ root, evaluation }: TiltfileFacts): string[] {
  const named = evaluation.calls.flatMap(({ function: name, arguments: a }) => {
    if (name === 'k8s_yaml') return list(a.yaml).filter((each) => typeof each === 'string')
    if (name === 'helm') return [a.pathToChartDir, ...list(a.values)]
    if (name === 'docker_build') return [a.context, ...list(a.only).map((each) => path.join(a.context, each))]
    if (name === 'sync') return [a.local_path]
    if (name === 'fall_back_on') return list(a.files)
    return name === 'local_resource' ? list(a.deps) : []
  })
  return named.filter((file) => !existsSync(path.join(root, file))).map((file) => `${file} does not exist`)
}

function imagesOf({ root, evaluation, objects }: TiltfileFacts): string[] {
  const problems: string[] = []
  const images = objects
    .filter(isWorkload)
    .flatMap(containersOf)
    .map(({ image }) => image.replace(/:[^:/]*$/, ''))
  const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8')
  const builds = callsOf(evaluation, 'docker_build').map((call) => call.arguments)
  for (const { ref, target, only, live_update } of builds) {
    if (!images.includes(ref)) problems.push(`no workload uses the image ${ref}`)
    const stage = dockerfile.split(/^FROM /m).find((each) => each.split('\n')[0]!.endsWith(` AS ${target}`))
    if (!stage) problems.push(`the Dockerfile has no stage ${target}`)
    for (const { function: name, arguments: a } of live_update as Call[]) {
      const outside = [...list(a.local_path), ...list(a.files)].filter((file) => !only.includes(file))
      for (const file of outside) problems.push(`${name} of ${file}, which is not in the image`)
      if (name === 'sync' && a.remote_path !== `/app/${a.local_path}`)
        problems.push(`${a.local_path} is at ${a.remote_path}`)
    }
  }
  const official = ['docker.io/library/postgres', 'docker.io/apache/kafka']
  for (const image of new Set(images))
    if (!official.includes(image) && !builds.some(({ ref }) => ref === image)) problems.push(`nobody builds ${image}`)
  return problems
}

function resourcesOf({ evaluation, objects }: TiltfileFacts): string[] {
  const problems: string[] = []
  const workloads = objects.filter(isWorkload)
  const byName = new Map(workloads.map((each) => [evaluation.resources[workloadId(each)], each]))
  if (byName.size < workloads.length) problems.push('two workloads have the same name')
  const configured = callsOf(evaluation, 'k8s_resource').map((call) => call.arguments)
  const local = callsOf(evaluation, 'local_resource').map((call) => call.arguments)
  const names = [...configured.map(({ workload, new_name }) => new_name ?? workload), ...local.map(({ name }) => name)]
  for (const name of names) if (names.indexOf(name) !== names.lastIndexOf(name)) problems.push(`${name} is there twice`)
  for (const name of byName.keys()) if (!names.includes(name)) problems.push(`the workload ${name} has no resource`)

  for (const { workload, new_name, objects: selectors, port_forwards, resource_deps } of [...configured, ...local]) {
    if (workload !== undefined && !byName.has(workload)) problems.push(`there is no workload ${workload}`)
    for (const selector of list(selectors)) {
      const [name, kind] = selector.split(':')
      const found = objects.filter((each) => each.metadata.name === name && each.kind.toLowerCase() === kind)
      if (found.length !== 1) problems.push(`${new_name}: ${found.length} objects are ${selector}`)
    }
    for (const dependency of list(resource_deps))
      if (!names.includes(dependency)) problems.push(`there is no resource ${dependency} to wait for`)
    const forwards = (port_forwards ?? []) as (string | Call)[]
    const ports = forwards.map((each) =>
      typeof each === 'string' ? Number(each.split(':').at(-1)) : each.arguments.container_port,
    )
    const open = byName.get(workload) ? containersOf(byName.get(workload)).flatMap((each) => each.ports ?? []) : []
    for (const port of ports)
      if (!open.some(({ containerPort }) => containerPort === port)) problems.push(`${workload} has no port ${port}`)
  }
  return [...problems, ...circlesOf([...configured, ...local])]
}

function circlesOf(resources: Record<string, unknown>[]): string[] {
  const waitsFor = new Map(
    resources.map((each) => [each.new_name ?? each.workload ?? each.name, list(each.resource_deps)]),
  )
  const visit = (name: unknown, way: unknown[]): string[] => {
    if (way.includes(name)) return [`${[...way, name].join(' waits for ')}`]
    return (waitsFor.get(name) ?? []).flatMap((next) => visit(next, [...way, name]))
  }
  return [...new Set([...waitsFor.keys()].flatMap((name) => visit(name, [])))]
}

/** Programs that are run: npm's scripts exist, and so do the objects that kubectl is told of. */
function commandsOf({ root, evaluation, objects }: TiltfileFacts): string[] {
  const problems: string[] = []
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const has = (kind: string, name: string) => objects.find((each) => each.kind === kind && each.metadata.name === name)
  const commands = callsOf(evaluation, 'local_resource').map((call) => String(call.arguments.cmd))
  for (const command of commands) {
    const script = /^npm (?:run (?:--silent )?)?([\w:-]+)/.exec(command)?.[1]
    if (script !== undefined && !scripts[script]) problems.push(`package.json has no script ${script}`)
    const job = /--from=cronjob\/(\S+)/.exec(command)?.[1]
    if (job !== undefined && !has('CronJob', job)) problems.push(`there is no CronJob ${job}`)
    const [, deployment, container] = /exec deploy\/(\S+) -c (\S+)/.exec(command) ?? []
    if (deployment === undefined) continue
    const found = has('Deployment', deployment)
    if (!found || !containersOf(found).some(({ name }) => name === container))
      problems.push(`there is no container ${container} in ${deployment}`)
    for (const [, service, port] of command.matchAll(/http:\/\/([\w-]+):(\d+)/g))
      if (!has('Service', service!)?.spec.ports.some((each: { port: number }) => each.port === Number(port)))
        problems.push(`there is no Service ${service} with port ${port}`)
  }
  const jobs = objects.filter(({ kind }) => kind === 'CronJob').map(({ metadata }) => metadata.name)
  for (const job of jobs)
    if (!commands.some((command) => command.includes(`--from=cronjob/${job} `))) problems.push(`${job} has no button`)
  return problems
}
