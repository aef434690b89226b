import type { Db } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import { hashSecret, newSecret } from '#internal/runtime/ids'
import { invalidField, Problem } from '#internal/runtime/problem'
import { type ApiKey, apiKeyPrefix, type KeyScope } from './api-key.ts'
import { deleteApiKeys, insertApiKey } from './api-keys-store.ts'

export interface NewApiKey {
  name: string
  scopes: KeyScope[]
  expiresAt: Date | null
}

/**
 * Makes a key of the account. `secret` is what programs send; it is not kept and cannot be shown again.
 * @throws 422 when it would have ended already; 401 when the account was disabled in the meantime.
 */
export async function createApiKey(
  db: Db,
  accountId: number,
  { name, scopes, expiresAt }: NewApiKey,
  now: Date,
): Promise<{ key: ApiKey; secret: string }> {
  if (expiresAt && expiresAt <= now) throw invalidField('expires_at', 'must be in the future')
  const secret = apiKeyPrefix + newSecret()
  const row = { account_id: accountId, name, scopes, created_at: now, expires_at: expiresAt }
  const key = await insertApiKey(db, { ...row, key_hash: hashSecret(secret) })
  if (!key) throw new Problem('unauthenticated', 'unauthenticated', 'The account is disabled.')
  return { key, secret }
}

/** Ends one key of the account, at once and everywhere. @throws 404 when the account has no such key. */
export async function endApiKey(db: Db, accountId: number, keyId: number, now: Date): Promise<void> {
  const ended = await endApiKeys(db, accountId, { only: keyId }, now)
  if (ended === 0) throw new Problem('not_found', 'api_key_not_found', 'You have no such API key.')
}

/** Ends keys and says so to whoever holds their sockets, in one transaction. Returns how many. */
export function endApiKeys(db: Db, accountId: number, which: { only: number } | 'all', now: Date): Promise<number> {
  return db.transaction(async (trx) => {
    const ids = await deleteApiKeys(trx, accountId, which)
    await emit(
      trx,
      ids.map((id) => ({ scope: `account:${accountId}`, event: 'session.revoked', data: { api_key_id: id } })),
      now,
    )
    return ids.length
  })
}
