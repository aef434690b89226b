import { collectDefaultMetrics, type Registry } from 'prom-client'
import { apiMetrics } from './api-metrics.ts'
import { jobMetrics } from './job-metrics.ts'
import { operatorMetrics } from './operator-metrics.ts'
import { poolMetrics, processMetrics } from './process-metrics.ts'
import { pushMetrics } from './push-metrics.ts'
import { TolerantRegistry } from './registry.ts'
import { workerMetrics } from './worker-metrics.ts'

type Part = 'api' | 'push' | 'worker' | 'operator' | 'database'

/** What a process shows; one that is not here, as in tests, shows everything. */
const shown: Readonly<Record<string, readonly Part[]>> = {
  api: ['api', 'database'],
  push: ['push', 'database'],
  worker: ['worker', 'database'],
  operator: ['operator'],
  all: ['api', 'push', 'worker', 'database'],
}

/**
 * One registry per process, with every metric of the product; those of other roles can be written to and are not shown. Label values are
 * closed sets: no ids, no paths. Counters with labels begin at 0 as soon as the label is known: what appears with 1 has no rate.
 */
export function createMetrics(role: string) {
  const registry = new TolerantRegistry(() => own.scrapeErrors.inc())
  registry.setDefaultLabels({ role })
  // How late the event loop is, is asked 10 times a second: the figures include those 0.1 s.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const registersOf = (part: Part): Registry[] => (shown[role]?.includes(part) === false ? [] : [registry])
  const own = processMetrics([registry])
  return {
    registry: registry as Registry,
    ...own,
    ...apiMetrics(registersOf('api')),
    ...poolMetrics(registersOf('database')),
    ...workerMetrics(registersOf('worker')),
    ...jobMetrics(registersOf('worker')),
    ...pushMetrics(registersOf('push')),
    ...operatorMetrics(registersOf('operator')),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
