import { type Db, prepared, type Statement } from '#internal/db/pool'
import type { Account, Profile, ProfileChanges, Role } from './account.ts'

export const columns = [
  'id',
  'username',
  'email',
  'role',
  'first_name',
  'last_name',
  'twitter_username',
  'who_may_message',
  'totp_enabled',
  'disabled_at',
  'created_at',
] as const

export interface NewAccount extends Profile {
  username: string
  password_hash: string
  created_at: Date
}

/**
 * Inserts an account; the first of an installation becomes admin. One statement: of two first accounts at the same moment one
 * waits for the other's row and finds that there is an admin.
 */
export async function insertAccount(db: Db, account: NewAccount): Promise<Account> {
  const { rows } = await db.raw(
    `with first as (update installation set has_admin = true where not has_admin returning one)
     insert into accounts (username, email, first_name, last_name, twitter_username, password_hash, created_at, role)
     values (?, ?, ?, ?, ?, ?, ?, case when exists (select from first) then 'admin' else 'member' end)
     returning ${columns.join(', ')}`,
    [
      account.username,
      account.email,
      account.first_name,
      account.last_name,
      account.twitter_username,
      account.password_hash,
      account.created_at,
    ],
  )
  return rows[0]
}

export function findAccount(db: Db, username: string): Promise<Account | undefined> {
  return db('accounts').whereRaw('lower(username) = lower(?)', [username]).first(columns)
}

export async function findAccountId(db: Db, username: string): Promise<number | undefined> {
  const row = await db('accounts').whereRaw('lower(username) = lower(?)', [username]).first('id')
  return row?.id
}

const byId: Statement = { name: 'account_by_id', text: `select ${columns.join(', ')} from accounts where id = $1` }

export async function accountById(db: Db, id: number): Promise<Account | undefined> {
  const [row] = await prepared<Account>(db, byId, [id])
  return row
}

export interface Credentials extends Account {
  password_hash: string
  /** Sealed. */
  totp_secret: Buffer | null
}

export function findCredentials(db: Db, username: string): Promise<Credentials | undefined> {
  return db('accounts')
    .whereRaw('lower(username) = lower(?)', [username])
    .first([...columns, 'password_hash', 'totp_secret'])
}

export interface AccountFilter {
  /** Part of a username, or the beginning of a first or last name, whatever the case. */
  query?: string | undefined
  /** Lower-case username of the last one seen. */
  after?: string | undefined
  limit: number
}

/** By username; up to `limit + 1` rows. */
export async function listAccounts(db: Db, { query, after, limit }: AccountFilter): Promise<Account[]> {
  const rows = db('accounts')
    .select(columns)
    .orderByRaw('lower(username)')
    .limit(limit + 1)
  if (after !== undefined) rows.whereRaw('lower(username) > ?', [after])
  if (query !== undefined) {
    const text = query.toLowerCase().replace(/[\\%_]/g, '\\$&')
    rows.whereRaw(`(lower(username) like ? or lower(first_name) like ? or lower(last_name) like ?)`, [
      `%${text}%`,
      `${text}%`,
      `${text}%`,
    ])
  }
  return rows
}

/** TOTP off, and the secret forgotten. */
export const noTotp = { totp_enabled: false, totp_secret: null, totp_last_step: null }

/** Changes fields of an account. Undefined when it does not exist. */
export async function updateAccount(
  db: Db,
  id: number,
  changes: ProfileChanges & { role?: Role; disabled_at?: Date | null } & Partial<typeof noTotp>,
): Promise<Account | undefined> {
  const [row] = await db('accounts').where({ id }).update(changes).returning(columns)
  return row
}

/** Sets a new hash if the old one is still `from`. */
export async function replacePassword(db: Db, id: number, from: string, to: string): Promise<boolean> {
  const changed = await db('accounts').where({ id, password_hash: from }).update({ password_hash: to })
  return changed === 1
}

/** Makes changes of roles and of disabled accounts one after the other, until the transaction ends. */
export async function lockInstallation(trx: Db): Promise<void> {
  await trx('installation').forUpdate().first('one')
}

export async function countActiveAdmins(db: Db): Promise<number> {
  const { rows } = await db.raw(`select count(*) as n from accounts where role = 'admin' and disabled_at is null`)
  return rows[0].n
}
