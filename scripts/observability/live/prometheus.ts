import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { dump } from 'js-yaml'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { waitFor } from '#internal/testing/wait-for'
import type { Group } from '../rules/index.ts'

/** A process whose metrics are read. */
export interface Target {
  /** As the chart's PodMonitor calls it. */
  job: string
  pod: string
  /** host:port */
  address: string
}

export interface Sample {
  metric: { [label: string]: string }
  value: number
}

export interface PrometheusOptions {
  program: string
  /** Gets its configuration and data. */
  directory: string
  targets: readonly Target[]
  groups: readonly Group[]
  namespace: string
}

/** A real Prometheus on loopback that looks at the targets, and evaluates the rules, every second. */
export class Prometheus {
  readonly #child: ChildProcess
  readonly #base: string
  #output = ''

  static async start(options: PrometheusOptions): Promise<Prometheus> {
    const port = await findFreePort()
    writeFileSync(path.join(options.directory, 'prometheus.yml'), dump(configuration(options)))
    const groups = options.groups.map((group) => ({ ...group, interval: '1s' }))
    writeFileSync(path.join(options.directory, 'rules.yml'), dump({ groups }))
    const args = ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`]
    const prometheus = new Prometheus(spawn(options.program, args, { cwd: options.directory }), port)
    const ready = () =>
      prometheus.#get('/-/ready').then(
        ({ ok }) => ok,
        () => false,
      )
    await waitFor(ready, { what: 'Prometheus', timeoutMs: 60_000 }).catch((error) => {
      throw new Error(`${error.message}: ${prometheus.#output}`)
    })
    return prometheus
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#base = `http://127.0.0.1:${port}`
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (this.#output += chunk))
  }

  /** What the expression is at the moment. @throws when Prometheus does not understand it. */
  async query(expr: string): Promise<Sample[]> {
    const response = await this.#get(`/api/v1/query?query=${encodeURIComponent(expr)}`)
    const answer = (await response.json()) as { status: string; error?: string; data: { result: RawSample[] } }
    if (answer.status !== 'success') throw new Error(`${answer.error}: ${expr}`)
    return answer.data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }))
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit')
    if (this.#child.exitCode === null && this.#child.kill()) await ended
  }

  #get(where: string): Promise<Response> {
    return fetch(this.#base + where, { signal: AbortSignal.timeout(30_000) })
  }
}

interface RawSample {
  metric: Sample['metric']
  value: [at: number, value: string]
}

/** With the labels that the Prometheus operator gives. */
function configuration({ targets, namespace }: PrometheusOptions): object {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yml'],
    scrape_configs: targets.map(({ job, pod, address }) => ({
      job_name: pod,
      static_configs: [{ targets: [address], labels: { job, pod, namespace } }],
    })),
  }
}
