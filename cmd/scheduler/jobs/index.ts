import { cleanup } from './cleanup.ts'
import type { Job } from './job.ts'
import { partitions } from './partitions.ts'
import { statuses } from './statuses.ts'

/** Every job by the name that `scheduler <job>` takes. */
export const jobs: ReadonlyMap<string, Job> = new Map(Object.entries({ cleanup, partitions, statuses }))
