import type { Db } from '#internal/db/pool'
import { hashSecret, newSecret } from '#internal/runtime/ids'

const lifetimeMs = 60_000

/** A secret that opens one WebSocket in the name of a session, for clients that cannot send headers. */
export async function issueTicket(db: Db, sessionId: number, now: Date): Promise<{ ticket: string; expiresAt: Date }> {
  const ticket = newSecret()
  const expiresAt = new Date(now.getTime() + lifetimeMs)
  await db('stream_tickets').insert({ token_hash: hashSecret(ticket), session_id: sessionId, expires_at: expiresAt })
  return { ticket, expiresAt }
}

/** The session of a ticket. It works once: of several that present it at the same moment one gets the session. */
export async function useTicket(db: Db, ticket: string, now: Date): Promise<{ sessionId: number } | undefined> {
  const [row] = await db('stream_tickets')
    .where({ token_hash: hashSecret(ticket) })
    .delete()
    .returning(['session_id', 'expires_at'])
  return row && row.expires_at > now ? { sessionId: row.session_id } : undefined
}
