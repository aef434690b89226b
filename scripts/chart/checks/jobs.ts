import { Cron } from 'croner'
import { periods } from '#cmd/scheduler/jobs/index'
import type { Check } from './check.ts'

/** Alerts are about jobs that did not run for longer than they should: CronJobs must run them as often as that. */
export const periodsOfJobs: Check = async ({ rendered }) =>
  rendered
    .flatMap(({ result }) => result.objects.filter(({ kind }) => kind === 'CronJob'))
    .flatMap(({ metadata, spec }) => {
      const job = metadata.labels?.['belfry.dev/job'] ?? ''
      const [first, second] = new Cron((spec as { schedule: string }).schedule, { timezone: 'UTC' }).nextRuns(2)
      const seconds = (Number(second) - Number(first)) / 1000
      return seconds === periods[job] ? [] : [`${metadata.name} runs every ${seconds} s, not every ${periods[job]} s`]
    })
