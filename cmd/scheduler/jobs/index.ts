import { attachments } from './attachments.ts'
import { cleanup } from './cleanup.ts'
import { escalations } from './escalations.ts'
import { feed } from './feed.ts'
import type { Job } from './job.ts'
import { partitions } from './partitions.ts'
import { schedules } from './schedules.ts'
import { statuses } from './statuses.ts'

const minute = 60
const hour = 60 * minute

/** How often each is meant to run in a cluster, seconds: docs/operations.md says the same. Alerts are about runs that stay away for longer. */
export const periods: Readonly<Record<string, number>> = {
  attachments: hour,
  cleanup: hour,
  escalations: minute,
  feed: minute,
  partitions: 5 * minute,
  schedules: minute,
  statuses: minute,
}

/** Every job by the name that `scheduler <job>` takes. */
export const jobs: ReadonlyMap<string, Job> = new Map(
  Object.entries({ attachments, cleanup, escalations, feed, partitions, schedules, statuses }),
)
