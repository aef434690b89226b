import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Cluster } from './cluster.ts'
import { until } from './cluster.ts'

const directory = path.join(import.meta.dirname, 'load')
const name = 'load'

export interface Report {
  topic: number
  posted: number
  /** Of attempts, by what came instead of 201. */
  failures: Record<string, number>
  longestPostMs: number
  missing: number
  repeated: number
  outOfOrder: number
  reconnects: number
  closeCodes: number[]
  longestAwayMs: number
}

/** People who write and follow, in a pod of the image. */
export class Load {
  readonly #cluster: Cluster

  private constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Resolves when everybody writes and follows. */
  static async start(cluster: Cluster, image: string): Promise<Load> {
    await cluster.kubectl(['delete', 'pod', name, '--ignore-not-found', '--wait'])
    const files = await readdir(directory)
    const data = Object.fromEntries(
      await Promise.all(files.map(async (file) => [file, await readFile(path.join(directory, file), 'utf8')])),
    )
    await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data })
    await cluster.apply(pod(image))
    const load = new Load(cluster)
    await until('the load has started', 120_000, async () => (await load.#output()).includes('started'))
    return load
  }

  /** Ends it; what it saw, everybody having got everything. */
  async stop(): Promise<Report> {
    await this.#cluster.exec(name, ['touch', '/tmp/stop'])
    await until('the load has ended', 120_000, async () => {
      const { phase } = (await this.#cluster.get('pod', name)).status
      return phase === 'Succeeded' || phase === 'Failed'
    })
    const output = (await this.#output()).trimEnd()
    await this.#cluster.kubectl(['delete', 'pod', name, '--wait'])
    return JSON.parse(output.split('\n').at(-1)!)
  }

  #output(): Promise<string> {
    return this.#cluster.kubectl(['logs', name]).catch(() => '')
  }
}

function pod(image: string) {
  const flags = ['--disable-warning=ExperimentalWarning']
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image,
          command: ['node', ...flags, '/app/load/main.ts', 'http://belfry-api:8080', 'http://belfry-push:8081'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
          volumeMounts: [
            { name, mountPath: '/app/load' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name, configMap: { name } },
        { name: 'tmp', emptyDir: {} },
      ],
    },
  }
}
