import { attachments } from './attachments.ts'
import { cleanup } from './cleanup.ts'
import { escalations } from './escalations.ts'
import { feed } from './feed.ts'
import type { Job } from './job.ts'
import { partitions } from './partitions.ts'
import { schedules } from './schedules.ts'
import { statuses } from './statuses.ts'

/** Every job by the name that `scheduler <job>` takes. */
export const jobs: ReadonlyMap<string, Job> = new Map(
  Object.entries({ attachments, cleanup, escalations, feed, partitions, schedules, statuses }),
)
