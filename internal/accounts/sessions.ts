import type { Db } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import { hashSecret, newSecret } from '#internal/runtime/ids'
import { Problem } from '#internal/runtime/problem'
import { deleteSessions, insertSession } from './sessions-store.ts'

/** Where a login comes from, as shown in the list of sessions. */
export interface Origin {
  address: string
  userAgent: string | undefined
}

export const invalidCredentials = () =>
  new Problem(
    'unauthenticated',
    'invalid_credentials',
    'The username or the password is wrong, or the code if there was one.',
  )

export interface OpenedSession {
  id: number
  /** 64 hex digits; only its hash is stored. */
  token: string
  expiresAt: Date
}

/** @throws 401 when the account has changed since its password was checked. */
export async function openSession(
  db: Db,
  account: { id: number; password_hash: string },
  options: { now: Date; lifetimeMs: number; origin: Origin },
): Promise<OpenedSession> {
  const { now, lifetimeMs, origin } = options
  const token = newSecret()
  const expiresAt = new Date(now.getTime() + lifetimeMs)
  const row = {
    account_id: account.id,
    token_hash: hashSecret(token),
    created_at: now,
    expires_at: expiresAt,
    address: origin.address,
    user_agent: origin.userAgent?.slice(0, 400) ?? null,
  }
  const inserted = await insertSession(db, row, account.password_hash)
  if (!inserted) throw invalidCredentials()
  return { id: inserted.id, token, expiresAt }
}

/** Ends one session of the account, at once and everywhere. @throws 404 when the account has no such session. */
export async function endSession(db: Db, accountId: number, sessionId: number, now: Date): Promise<void> {
  const ended = await endSessions(db, accountId, { only: sessionId }, now)
  if (ended === 0) throw new Problem('not_found', 'session_not_found', 'You have no such session.')
}

/** Ends sessions and says so to whoever holds their sockets, in one transaction. Returns how many. */
export function endSessions(
  db: Db,
  accountId: number,
  which: { only: number } | { except: number } | 'all',
  now: Date,
): Promise<number> {
  return db.transaction(async (trx) => {
    const ids = await deleteSessions(trx, accountId, which)
    await emit(
      trx,
      ids.map((id) => ({ scope: `account:${accountId}`, event: 'session.revoked', data: { session_id: id } })),
      now,
    )
    return ids.length
  })
}
