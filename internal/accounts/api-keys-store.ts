import { type Db, prepared, type Statement } from '#internal/db/pool'
import type { Account } from './account.ts'
import type { ApiKey, KeyScope } from './api-key.ts'

const columns = ['id', 'account_id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at'] as const

/** A key that is valid now, with its account. */
export interface KnownKey {
  keyId: number
  scopes: KeyScope[]
  expiresAt: Date | null
  account: Pick<Account, 'id' | 'username' | 'role'>
}

interface Row extends Pick<Account, 'id' | 'username' | 'role'> {
  key_id: number
  key_hash: Buffer
  scopes: KeyScope[]
  expires_at: Date | null
}

// Also notes the use, once a minute. Who finds the row locked leaves it to the other: nobody waits here.
const byHashes: Statement = {
  name: 'api_keys_by_hashes',
  text: `
    with found as (
      select k.id as key_id, k.key_hash, k.scopes, k.expires_at, k.last_used_at, a.id, a.username, a.role
      from api_keys k join accounts a on a.id = k.account_id
      where k.key_hash = any($1::bytea[]) and (k.expires_at is null or k.expires_at > $2) and a.disabled_at is null
    ), used as (
      update api_keys set last_used_at = $2 where id in (
        select id from api_keys
        where id in (select key_id from found) and (last_used_at is null or last_used_at < $2 - interval '1 minute')
        for no key update skip locked)
    )
    select key_id, key_hash, scopes, expires_at, id, username, role from found`,
}

/** The keys with these hashes, in their order; undefined for one that is unknown, expired, or of a disabled account. */
export async function findApiKeys(db: Db, hashes: readonly Buffer[], now: Date): Promise<(KnownKey | undefined)[]> {
  const found = new Map<string, KnownKey>()
  for (const row of await prepared<Row>(db, byHashes, [hashes, now])) {
    const { key_id: keyId, key_hash, scopes, expires_at: expiresAt, id, username, role } = row
    found.set(key_hash.toString('hex'), { keyId, scopes, expiresAt, account: { id, username, role } })
  }
  return hashes.map((hash) => found.get(hash.toString('hex')))
}

/** Inserts a key if the account is not disabled, and keeps it so until the commit. Undefined otherwise. */
export async function insertApiKey(
  db: Db,
  key: Omit<ApiKey, 'id' | 'last_used_at'> & { key_hash: Buffer },
): Promise<ApiKey | undefined> {
  const { rows } = await db.raw(
    `insert into api_keys (account_id, key_hash, name, scopes, created_at, expires_at)
     select id, ?::bytea, ?::text, ?::text[], ?::timestamptz, ?::timestamptz from accounts
     where id = ? and disabled_at is null for share
     returning ${columns.join(', ')}`,
    [key.key_hash, key.name, key.scopes, key.created_at, key.expires_at, key.account_id],
  )
  return rows[0]
}

/** The account's valid keys, newest first; up to `limit + 1` rows. */
export function listApiKeys(
  db: Db,
  { accountId, now, after, limit }: { accountId: number; now: Date; after: number | undefined; limit: number },
): Promise<ApiKey[]> {
  const rows = db('api_keys')
    .select(columns)
    .where({ account_id: accountId })
    .whereRaw('(expires_at is null or expires_at > ?)', [now])
    .orderBy('id', 'desc')
    .limit(limit + 1)
  return after === undefined ? rows : rows.where('id', '<', after)
}

/** Deletes one key of the account, or all of them. Returns the ids that went. */
export async function deleteApiKeys(db: Db, accountId: number, which: { only: number } | 'all'): Promise<number[]> {
  const rows = db('api_keys').where({ account_id: accountId })
  if (which !== 'all') rows.where('id', which.only)
  const deleted: { id: number }[] = await rows.delete().returning('id')
  return deleted.map(({ id }) => id)
}
