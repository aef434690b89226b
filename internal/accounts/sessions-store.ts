import { type Db, prepared, type Statement } from '#internal/db/pool'
import type { Account } from './account.ts'

/** What a client presents: the hash of a session's token, or the session's id out of a verified JWT. */
export type SessionKey = { tokenHash: Buffer } | { sessionId: number }

/** A session that is valid now, with its account. */
export interface Session {
  sessionId: number
  expiresAt: Date
  account: Pick<Account, 'id' | 'username' | 'role'>
}

const select = `
  select s.id as session_id, s.token_hash, s.expires_at, a.id, a.username, a.role
  from sessions s join accounts a on a.id = s.account_id
  where s.expires_at > $2 and a.disabled_at is null and `
const byToken: Statement = { name: 'sessions_by_token', text: `${select} s.token_hash = any($1::bytea[])` }
const byId: Statement = { name: 'sessions_by_id', text: `${select} s.id = any($1::bigint[])` }

interface Row extends Pick<Account, 'id' | 'username' | 'role'> {
  session_id: number
  token_hash: Buffer
  expires_at: Date
}

/**
 * The sessions of these keys, in their order; undefined for one that is unknown, expired, or of a disabled account. One prepared
 * query per kind of key, however many there are.
 */
export async function findSessions(db: Db, keys: readonly SessionKey[], now: Date): Promise<(Session | undefined)[]> {
  const hashes: Buffer[] = []
  const ids: number[] = []
  for (const key of keys) {
    if ('tokenHash' in key) hashes.push(key.tokenHash)
    else ids.push(key.sessionId)
  }
  const found = new Map<string | number, Session>()
  if (hashes.length > 0)
    for (const row of await prepared<Row>(db, byToken, [hashes, now]))
      found.set(row.token_hash.toString('hex'), session(row))
  if (ids.length > 0)
    for (const row of await prepared<Row>(db, byId, [ids, now])) found.set(row.session_id, session(row))
  return keys.map((key) => found.get('tokenHash' in key ? key.tokenHash.toString('hex') : key.sessionId))
}

function session(row: Row): Session {
  const { session_id: sessionId, expires_at: expiresAt, id, username, role } = row
  return { sessionId, expiresAt, account: { id, username, role } }
}

export interface SessionRow {
  id: number
  account_id: number
  created_at: Date
  expires_at: Date
  address: string | null
  user_agent: string | null
}

/**
 * Inserts a session if the account still has this hash and is not disabled, and keeps both so until the commit: whoever changes
 * the password or disables the account either waits and then sees this session, or came first. Undefined in the latter case.
 */
export async function insertSession(
  db: Db,
  row: Omit<SessionRow, 'id'> & { token_hash: Buffer },
  passwordHash: string,
): Promise<{ id: number } | undefined> {
  const { rows } = await db.raw(
    `insert into sessions (account_id, token_hash, created_at, expires_at, address, user_agent)
     select id, ?::bytea, ?::timestamptz, ?::timestamptz, ?::text, ?::text from accounts
     where id = ? and password_hash = ? and disabled_at is null for share
     returning id`,
    // biome-ignore format: one value a column
    [row.token_hash, row.created_at, row.expires_at, row.address, row.user_agent, row.account_id, passwordHash],
  )
  return rows[0]
}

/** The account's valid sessions, newest first; up to `limit + 1` rows. */
export function listSessions(
  db: Db,
  { accountId, now, after, limit }: { accountId: number; now: Date; after: number | undefined; limit: number },
): Promise<SessionRow[]> {
  const rows = db('sessions')
    .select('id', 'account_id', 'created_at', 'expires_at', 'address', 'user_agent')
    .where({ account_id: accountId })
    .where('expires_at', '>', now)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  return after === undefined ? rows : rows.where('id', '<', after)
}

/** Deletes sessions of one account: one of them, or all but one, or all. Returns the ids that went. */
export async function deleteSessions(
  db: Db,
  accountId: number,
  which: { only: number } | { except: number } | 'all',
): Promise<number[]> {
  const rows = db('sessions').where({ account_id: accountId })
  if (which !== 'all') {
    if ('only' in which) rows.where('id', which.only)
    else rows.whereNot('id', which.except)
  }
  const deleted: { id: number }[] = await rows.delete().returning('id')
  return deleted.map(({ id }) => id)
}
