import { defaults } from '../rules/thresholds.ts'
import { of, type Panel, type Row, rateOf } from './kit.ts'

/** What the processes of a role use. @param database whether they have a pool of connections to PostgreSQL */
export function processRow(role: string, database = true): Row {
  const is = `role="${role}"`
  const panels: Panel[] = [
    {
      title: 'Processor',
      description:
        'Processors in use by each pod. A process does its work on one; beyond that it is the pool of threads.',
      unit: 'short',
      width: 6,
      queries: [[`sum by (pod) (${rateOf(of('process_cpu_seconds_total', is))})`, '{{pod}}']],
    },
    {
      title: 'Memory',
      description: 'Resident memory of each pod.',
      unit: 'bytes',
      width: 6,
      queries: [[`max by (pod) (${of('process_resident_memory_bytes', is)})`, '{{pod}}']],
    },
    {
      title: 'Event loop lag, 99 %',
      description: 'How late the event loop is: everything that the process does waits so long.',
      unit: 's',
      width: 6,
      limit: Number(defaults.eventLoopLagSeconds),
      // The figure includes the 0.1 s between two looks.
      queries: [[`clamp_min(max by (pod) (${of('nodejs_eventloop_lag_p99_seconds', is)}) - 0.1, 0)`, '{{pod}}']],
    },
  ]
  const pool: Panel = {
    title: 'Connections to PostgreSQL',
    description:
      'Connections in use and callers that wait for one, of the busiest pod, and how many connections there may be.',
    unit: 'short',
    width: 6,
    queries: [
      [`max (${of('belfry_database_pool_used_connections', is)})`, 'in use'],
      [`max (${of('belfry_database_pool_waiting_requests', is)})`, 'waiting callers'],
      [`max (${of('belfry_database_pool_max_connections', is)})`, 'most'],
    ],
  }
  return { title: `Processes: ${role}`, panels: database ? [...panels, pool] : panels }
}
