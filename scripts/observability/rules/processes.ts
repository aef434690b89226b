import { alertOf, type Cause, type Group, of } from './rule.ts'
import { threshold } from './thresholds.ts'

const roles = 'role=~"api|worker|push|operator"'

const down = (alert: string, role: string, severity: Cause['severity'], effect: string): Cause => ({
  alert,
  severity,
  for: '5m',
  expr: `absent(${of('belfry_build_info', `role="${role}"`)})`,
  summary: `No ${role} process is there.`,
  description: `Prometheus has seen no ${role} process for 5 minutes. ${effect}`,
})

const causes: Cause[] = [
  down('BelfryApiDown', 'api', 'critical', 'Nobody can log in, post or raise an alert.'),
  down('BelfryWorkerDown', 'worker', 'critical', 'What is written is safe, but nobody receives anything.'),
  down('BelfryPushDown', 'push', 'critical', 'No client is connected: nobody receives anything live.'),
  down(
    'BelfryOperatorDown',
    'operator',
    'warning',
    'Changes to AlertSchedules take no effect; those that are there go on.',
  ),
  {
    alert: 'BelfryProcessUnreachable',
    severity: 'warning',
    for: '10m',
    expr: `${of('up', 'job=~"belfry-(api|worker|push|operator)"')} == 0`,
    summary: 'Prometheus cannot read the metrics of a process.',
    description:
      'The pod {{ $labels.pod }} has not answered Prometheus for 10 minutes. It may hang, or a network policy is in between.',
  },
  {
    alert: 'BelfryRestarting',
    severity: 'warning',
    expr: `changes(${of('process_start_time_seconds', roles)}[1h]) > ${threshold('restartsPerHour')}`,
    summary: 'A process starts again and again.',
    description:
      'The {{ $labels.role }} process in the pod {{ $labels.pod }} has started {{ $value }} times within an hour.',
  },
  {
    alert: 'BelfryVersionsMixed',
    severity: 'warning',
    for: '1h',
    expr: `count by (namespace) (count by (namespace, version) (${of('belfry_build_info')})) > 1`,
    summary: 'A rollout does not come to an end.',
    description: '{{ $value }} versions have been running side by side for an hour.',
  },
  {
    alert: 'BelfryEventLoopLag',
    severity: 'warning',
    for: '10m',
    // The figure includes the 0.1 s between two looks.
    expr: `${of('nodejs_eventloop_lag_p99_seconds', roles)} - 0.1 > ${threshold('eventLoopLagSeconds')}`,
    summary: 'A process is too busy to answer in time.',
    description:
      'The event loop of the {{ $labels.role }} process in the pod {{ $labels.pod }} is {{ $value | humanizeDuration }} late: everything that it does waits so long.',
  },
  {
    alert: 'BelfryDatabasePoolExhausted',
    severity: 'warning',
    for: '5m',
    expr: `${of('belfry_database_pool_waiting_requests')} > ${threshold('poolWaitingRequests')}`,
    summary: 'A process has no free connection to PostgreSQL.',
    description:
      'Callers that wait for a connection in the {{ $labels.role }} process of the pod {{ $labels.pod }}: {{ $value }}, and some all the time for 5 minutes.',
  },
  {
    alert: 'BelfryLoopFailing',
    severity: 'warning',
    for: '15m',
    expr: `sum by (namespace, role, loop) (rate(${of('belfry_loop_errors_total')}[5m])) * 60 > ${threshold('loopErrorsPerMinute')}`,
    summary: 'A background loop fails again and again.',
    description:
      'The loop "{{ $labels.loop }}" of {{ $labels.role }} fails {{ $value | humanize }} times a minute. It tries again each time.',
  },
]

export const processGroup: Group = { name: 'belfry-processes', rules: causes.map(alertOf) }
