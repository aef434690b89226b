import { expireStatuses } from '#internal/statuses/statuses'
import type { Job } from './job.ts'

/** Takes out statuses whose time is over and tells who watches them. Each row is taken once, whoever comes first. */
export const statuses: Job = async ({ db, clock }) => ({ expired: await expireStatuses(db, clock) })
