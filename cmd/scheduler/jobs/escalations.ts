import { passDeadlines } from '#internal/alerts/deadlines'
import type { Job } from './job.ts'

/** Does what alerts ask for that were not acknowledged in time: each once, whoever comes first. */
export const escalations: Job = ({ db, clock }) => passDeadlines(db, clock)
