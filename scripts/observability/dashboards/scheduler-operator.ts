import { defaults } from '../rules/thresholds.ts'
import { type Dashboard, of, quantile, type Row, rateOf } from './kit.ts'
import { processRow } from './processes.ts'

const job = (metric: string) => `max by (job_name) (${of(metric)})`

const scheduler: Row = {
  title: 'Jobs of the scheduler',
  panels: [
    {
      title: 'Since the last success, in periods',
      description: 'How many of its periods ago a job last succeeded. Between 0 and 1 when all is well.',
      unit: 'short',
      limit: Number(defaults.jobPeriods),
      queries: [
        [
          `(time() - ${job('belfry_job_last_success_timestamp_seconds')}) / ${job('belfry_job_period_seconds')}`,
          '{{job_name}}',
        ],
      ],
    },
    {
      title: 'Overdue',
      description:
        'For how long the oldest schedule, or deadline of an alert, that is due has not been dealt with. A minute is normal.',
      unit: 's',
      limit: Number(defaults.overdueSeconds),
      queries: [[`max by (work) (${of('belfry_overdue_seconds')})`, '{{work}}']],
    },
    {
      title: 'Duration of the last run',
      description: 'How long the last run of each job took.',
      unit: 's',
      width: 8,
      queries: [[job('belfry_job_last_duration_seconds'), '{{job_name}}']],
    },
    {
      title: 'Failures in a row',
      description: 'Runs of each job that have failed since one succeeded.',
      unit: 'short',
      width: 8,
      limit: Number(defaults.jobFailures),
      queries: [[job('belfry_job_failures'), '{{job_name}}']],
    },
    {
      title: 'Since the last start',
      description: 'How long ago each job last started. A job that starts and does not succeed fails or is killed.',
      unit: 's',
      width: 8,
      queries: [[`time() - ${job('belfry_job_last_start_timestamp_seconds')}`, '{{job_name}}']],
    },
  ],
}

const operator: Row = {
  title: 'Operator',
  panels: [
    {
      title: 'AlertSchedules',
      description: 'AlertSchedules by whether they are ready, as the operator that leads has them.',
      unit: 'short',
      kind: 'areas',
      width: 8,
      queries: [[`max by (ready) (${of('belfry_operator_resources')})`, 'ready: {{ready}}']],
    },
    {
      title: 'The leader',
      description: 'Which operator leads. There is one.',
      unit: 'short',
      width: 8,
      max: 1,
      queries: [[`max by (pod) (${of('belfry_operator_leader')})`, '{{pod}}']],
    },
    {
      title: 'Reconciliations',
      description: 'AlertSchedules compared with their CronJobs, by outcome. After an error it is done again.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (outcome) (${rateOf(of('belfry_operator_reconciles_total'))})`, '{{outcome}}']],
    },
    {
      title: 'Duration of a reconciliation',
      description: 'Time of one comparison.',
      unit: 's',
      width: 8,
      queries: [
        [quantile(0.5, of('belfry_operator_reconcile_seconds_bucket')), 'half'],
        [quantile(0.95, of('belfry_operator_reconcile_seconds_bucket')), '95 %'],
      ],
    },
    {
      title: 'Queue',
      description: 'AlertSchedules that wait to be compared.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (pod) (${of('belfry_operator_queue_depth')})`, '{{pod}}']],
    },
    {
      title: 'Watches started again',
      description: 'Watches of the API server that ended with an error, in an hour.',
      unit: 'short',
      width: 8,
      queries: [[`sum by (pod) (increase(${of('belfry_operator_watch_restarts_total')}[1h]))`, '{{pod}}']],
    },
  ],
}

export const schedulerOperator: Dashboard = {
  uid: 'belfry-scheduler-operator',
  title: 'Belfry / Scheduler and operator',
  description: 'Whether the jobs run, and the operator of AlertSchedules.',
  rows: [scheduler, operator, processRow('operator', false)],
}
