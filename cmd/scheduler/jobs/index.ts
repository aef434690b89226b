import type { Job } from './job.ts'

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

/** Every job by the name that `scheduler <job>` takes. Loaded when it runs: a process that runs one needs not start with all. */
export const jobs: ReadonlyMap<string, Job> = new Map<string, Job>([
  ['attachments', async (deps) => (await import('./attachments.ts')).attachments(deps)],
  ['cleanup', async (deps) => (await import('./cleanup.ts')).cleanup(deps)],
  ['escalations', async (deps) => (await import('./escalations.ts')).escalations(deps)],
  ['feed', async (deps) => (await import('./feed.ts')).feed(deps)],
  ['partitions', async (deps) => (await import('./partitions.ts')).partitions(deps)],
  ['schedules', async (deps) => (await import('./schedules.ts')).schedules(deps)],
  ['statuses', async (deps) => (await import('./statuses.ts')).statuses(deps)],
])
