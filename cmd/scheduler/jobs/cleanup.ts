import { deleteExpired } from '#internal/accounts/cleanup'
import { deleteOldKeys } from '#internal/alerts/raise-once'
import type { Job } from './job.ts'

/** Deletes what has run out: sessions, tickets, idempotency keys, keys of raised alerts, counts of failed logins. Deleting twice deletes once. */
export const cleanup: Job = async ({ db, clock }) => {
  await deleteExpired(db, clock.now())
  await deleteOldKeys(db, clock.now())
  return {}
}
