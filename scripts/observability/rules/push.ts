import { alertOf, type Cause, type Group, of } from './rule.ts'
import { threshold } from './thresholds.ts'

const sockets = `sum by (namespace) (${of('belfry_push_sockets')})`
const most = `max_over_time(${sockets}[15m:1m])`

const causes: Cause[] = [
  {
    alert: 'BelfryPushBehind',
    severity: 'critical',
    for: '2m',
    expr: [
      of('belfry_push_position', 'role="push"'),
      `< on (namespace) group_left ()`,
      `max by (namespace) (${of('belfry_log_position')} offset ${threshold('pushBehindSeconds')}s)`,
    ].join('\n'),
    summary: 'A push process does not keep up with the log.',
    description: `The push process in the pod {{ $labels.pod }} is at position {{ $value }}, which the log had passed ${threshold('pushBehindSeconds')} s ago. Its clients do not get what is newer.`,
  },
  {
    alert: 'BelfryPushSocketsDropped',
    severity: 'critical',
    for: '3m',
    expr: [
      `${sockets} < (1 - ${threshold('pushSocketsDroppedRatio')}) * ${most}`,
      `and ${most} >= ${threshold('pushSocketsLeast')}`,
    ].join('\n'),
    summary: 'Many clients are gone.',
    description: '{{ $value }} clients are connected, far fewer than within the last 15 minutes.',
  },
  {
    alert: 'BelfryPushSlowClients',
    severity: 'warning',
    for: '10m',
    expr: `sum by (namespace) (rate(${of('belfry_push_closed_total', 'code="4008"')}[10m])) * 60 > ${threshold('slowClosesPerMinute')}`,
    summary: 'Many clients are closed because they do not read.',
    description:
      '{{ $value | humanize }} sockets a minute are closed with code 4008. They come back and go on where they were.',
  },
  {
    alert: 'BelfryPushBuffered',
    severity: 'warning',
    for: '5m',
    expr: `${of('belfry_push_buffered_bytes')} > ${threshold('pushBufferedMebibytes')} * 1024 * 1024`,
    summary: 'A push process holds much that clients do not read.',
    description:
      'Clients of the pod {{ $labels.pod }} have {{ $value | humanize1024 }}B to read. The process may run out of memory.',
  },
]

export const pushGroup: Group = { name: 'belfry-push', rules: causes.map(alertOf) }
