import { deleteExpired } from '#internal/accounts/cleanup'
import type { Job } from './job.ts'

/** Deletes what has run out: sessions, tickets, idempotency keys, counts of failed logins. Deleting twice deletes once. */
export const cleanup: Job = async ({ db, clock }) => {
  await deleteExpired(db, clock.now())
  return {}
}
