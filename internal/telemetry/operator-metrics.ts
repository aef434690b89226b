import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { seconds } from './buckets.ts'

/** Of the operator. */
export function operatorMetrics(registers: Registry[]) {
  const reconciles = new Counter({
    name: 'belfry_operator_reconciles_total',
    help: 'AlertSchedules that were compared with their CronJobs, by what came of it.',
    labelNames: ['outcome'] as const,
    registers,
  })
  for (const outcome of ['success', 'error']) reconciles.inc({ outcome }, 0)
  const resources = new Gauge({
    name: 'belfry_operator_resources',
    help: 'AlertSchedules, by whether they are ready; 0 from who does not lead.',
    labelNames: ['ready'] as const,
    registers,
  })
  for (const ready of ['true', 'false']) resources.set({ ready }, 0)
  return {
    operatorReconciles: reconciles,
    operatorResources: resources,
    operatorReconcileSeconds: new Histogram({
      name: 'belfry_operator_reconcile_seconds',
      help: 'Time of one comparison of an AlertSchedule with its CronJob.',
      buckets: seconds,
      registers,
    }),
    operatorQueueDepth: new Gauge({
      name: 'belfry_operator_queue_depth',
      help: 'AlertSchedules that wait to be compared.',
      registers,
    }),
    operatorLeader: new Gauge({
      name: 'belfry_operator_leader',
      help: '1 while this process holds the Lease.',
      registers,
    }),
    operatorWatchRestarts: new Counter({
      name: 'belfry_operator_watch_restarts_total',
      help: 'Watches of the API server that had to be started again after an error.',
      registers,
    }),
  }
}
