import { setTimeout as delay } from 'node:timers/promises'
import { type ShellOptions, sh } from './shell.ts'

// biome-ignore lint/suspicious/noExplicitAny: any object of Kubernetes
type KubernetesObject = any

/** One namespace of the cluster of KUBECONFIG. */
export class Cluster {
  readonly namespace: string

  constructor(namespace: string) {
    this.namespace = namespace
  }

  /** Empty, and under the pod security standard `restricted`. */
  async recreate(): Promise<void> {
    await this.remove(true)
    await sh('kubectl', ['create', 'namespace', this.namespace])
    await sh('kubectl', ['label', 'namespace', this.namespace, 'pod-security.kubernetes.io/enforce=restricted'])
  }

  async remove(wait: boolean): Promise<void> {
    const args = ['delete', 'namespace', this.namespace, '--ignore-not-found', `--wait=${wait}`]
    await sh('kubectl', args, { timeoutMs: 300_000 })
  }

  kubectl(args: string[], options?: ShellOptions): Promise<string> {
    return sh('kubectl', ['-n', this.namespace, ...args], options)
  }

  async apply(object: object): Promise<void> {
    await this.kubectl(['apply', '-f', '-'], { input: JSON.stringify(object) })
  }

  /** Undefined when there is none. */
  async get(kind: string, name: string): Promise<KubernetesObject | undefined> {
    const text = await this.kubectl(['get', kind, name, '-o', 'json', '--ignore-not-found'])
    return text ? JSON.parse(text) : undefined
  }

  async list(kind: string, selector = ''): Promise<KubernetesObject[]> {
    return JSON.parse(await this.kubectl(['get', kind, '-l', selector, '-o', 'json'])).items
  }

  /** Pods of a component that are not on their way out. */
  async pods(component: string): Promise<KubernetesObject[]> {
    const pods = await this.list('pods', `app.kubernetes.io/component=${component}`)
    return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)
  }

  exec(target: string, command: string[], options?: ShellOptions): Promise<string> {
    return this.kubectl(['exec', ...(options?.input === undefined ? [] : ['-i']), target, '--', ...command], options)
  }

  /** What the bundled PostgreSQL answers to the statements: bare values. Each is a transaction of its own. */
  async psql(...statements: string[]): Promise<string> {
    const commands = statements.flatMap((each) => ['-c', each])
    const psql = ['psql', '-U', 'belfry', '-d', 'belfry', '-At', ...commands]
    return (await this.exec('statefulset/belfry-postgresql', psql)).trim()
  }

  /** Resolves when the workloads have all their pods, of the newest template, ready. */
  async rolledOut(workloads: string[], timeoutSeconds = 240): Promise<void> {
    for (const workload of workloads)
      await this.kubectl(['rollout', 'status', workload, `--timeout=${timeoutSeconds}s`], {
        timeoutMs: (timeoutSeconds + 10) * 1000,
      })
  }

  /** As `kubectl drain` does: the disruption budget is asked, and asked again while it refuses. */
  async evict(pod: string, timeoutMs = 120_000): Promise<void> {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: this.namespace } }
    const path = `/api/v1/namespaces/${this.namespace}/pods/${pod}/eviction`
    for (const end = Date.now() + timeoutMs; ; await delay(1000))
      try {
        await sh('kubectl', ['create', '--raw', path, '-f', '-'], { input: JSON.stringify(eviction) })
        return
      } catch (error) {
        if (Date.now() > end || !/disruption budget|TooManyRequests/.test((error as Error).message)) throw error
      }
  }
}

/** Resolves when `check` is true. @throws Error with what it waited for */
export async function until(what: string, timeoutMs: number, check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await check()); await delay(500))
    if (Date.now() > end) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`)
}
