import { alertOf, type Cause, type Group, of } from './rule.ts'
import { threshold } from './thresholds.ts'

const success = of('belfry_job_last_success_timestamp_seconds', `job_name!~"${threshold('jobsIgnored')}"`)

const causes: Cause[] = [
  {
    alert: 'BelfryWorkOverdue',
    severity: 'critical',
    for: '2m',
    expr: `max by (namespace, work) (${of('belfry_overdue_seconds')}) > ${threshold('overdueSeconds')}`,
    summary: 'A scheduled alert or an escalation is late.',
    description: 'The oldest of the {{ $labels.work }} that are due has been so for {{ $value | humanizeDuration }}.',
  },
  {
    alert: 'BelfryJobLate',
    severity: 'warning',
    for: '5m',
    expr: [
      `time() - max by (namespace, job_name) (${success})`,
      `> ${threshold('jobPeriods')} * max by (namespace, job_name) (${of('belfry_job_period_seconds')})`,
    ].join('\n'),
    summary: 'A job of the scheduler does not run.',
    description: 'The job {{ $labels.job_name }} has not succeeded for {{ $value | humanizeDuration }}.',
  },
  {
    alert: 'BelfryJobFailing',
    severity: 'warning',
    expr: `max by (namespace, job_name) (${of('belfry_job_failures')}) > ${threshold('jobFailures')}`,
    summary: 'A job of the scheduler fails.',
    description: 'The last {{ $value }} runs of the job {{ $labels.job_name }} have failed.',
  },
  {
    alert: 'BelfryOperatorNoLeader',
    severity: 'warning',
    for: '5m',
    expr: `sum by (namespace) (${of('belfry_operator_leader')}) < 1`,
    summary: 'No operator leads.',
    description:
      'Operators run, but none holds the Lease. Changes to AlertSchedules take no effect; those that are there go on.',
  },
  {
    alert: 'BelfryOperatorErrors',
    severity: 'warning',
    for: '15m',
    expr: `sum by (namespace) (rate(${of('belfry_operator_reconciles_total', 'outcome="error"')}[5m])) * 60 > ${threshold('operatorErrorsPerMinute')}`,
    summary: 'The operator cannot do what AlertSchedules ask for.',
    description: '{{ $value | humanize }} reconciliations a minute fail.',
  },
  {
    alert: 'BelfryAlertScheduleNotReady',
    severity: 'warning',
    for: '15m',
    expr: `max by (namespace) (${of('belfry_operator_resources', 'ready="false"')}) > 0`,
    summary: 'An AlertSchedule is not ready.',
    description: 'AlertSchedules that are not ready: {{ $value }}. Their alerts will not be raised as they say.',
  },
]

export const jobGroup: Group = { name: 'belfry-scheduler-operator', rules: causes.map(alertOf) }
