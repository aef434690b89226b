import { Gauge, type Registry } from 'prom-client'

/**
 * The jobs of the scheduler, as the worker reads them from the database: a job is a process of its own that has ended before anybody
 * could ask it. The label is `job_name` because Prometheus has its own meaning for `job`.
 */
export function jobMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['job_name'] as const, registers })
  return {
    jobStart: gauge('belfry_job_last_start_timestamp_seconds', 'When a job last started.'),
    jobSuccess: gauge(
      'belfry_job_last_success_timestamp_seconds',
      'When a job last succeeded; before the first time, since when it is known.',
    ),
    jobSeconds: gauge('belfry_job_last_duration_seconds', 'How long the last run of a job that ended took.'),
    jobFailures: gauge('belfry_job_failures', 'Runs of a job that have failed since one succeeded.'),
    jobPeriod: gauge('belfry_job_period_seconds', 'How often a job is meant to run.'),
  }
}
