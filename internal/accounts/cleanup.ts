import type { Db } from '#internal/db/pool'

const dayMs = 24 * 60 * 60 * 1000

/** Deletes what has run out and is no longer looked at: sessions, tickets, API keys, counts of failed logins, idempotency keys. */
export async function deleteExpired(db: Db, now: Date): Promise<void> {
  await db('sessions').where('expires_at', '<=', now).delete()
  await db('stream_tickets').where('expires_at', '<=', now).delete()
  await db('api_keys').where('expires_at', '<=', now).delete()
  await db('login_failures').where('expire', '<=', now.getTime()).delete()
  await db('idempotency_keys')
    .where('created_at', '<', new Date(now.getTime() - dayMs))
    .delete()
}
