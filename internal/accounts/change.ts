import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Account, ProfileChanges, Role } from './account.ts'
import { endApiKeys } from './api-keys.ts'
import { emitUpdated } from './events.ts'
import type { Hasher } from './hasher.ts'
import type { LoginLimits } from './login-limits.ts'
import { explainTaken } from './register.ts'
import { endSessions } from './sessions.ts'
import {
  accountById,
  countActiveAdmins,
  findAccount,
  findCredentials,
  lockInstallation,
  noTotp,
  replacePassword,
  updateAccount,
} from './store.ts'

const gone = () => new Problem('not_found', 'account_not_found', 'There is no such account.')

/** @throws 404 */
export async function getAccount(db: Db, username: string): Promise<Account> {
  const account = await findAccount(db, username)
  if (!account) throw gone()
  return account
}

/** Changes fields of one's own account; null clears one. @throws 409 `email_taken` */
export function changeProfile(db: Db, id: number, changes: ProfileChanges, now: Date): Promise<Account> {
  return db.transaction(async (trx) => {
    const nothing = Object.keys(changes).length === 0
    const account = nothing ? await accountById(trx, id) : await updateAccount(trx, id, changes).catch(explainTaken)
    if (!account) throw gone()
    if (!nothing) await emitUpdated(trx, account, now)
    return account
  })
}

export interface Administration {
  role?: Role | undefined
  disabled?: boolean | undefined
  totp_enabled?: false | undefined
}

/**
 * What an admin may change. A disabled account's sessions and API keys end at once. `totp_enabled: false` is for whoever has lost the
 * device that makes the codes.
 * @throws 404; 409 `last_admin` when no active admin would be left.
 */
export function administer(
  db: Db,
  username: string,
  { role, disabled, totp_enabled }: Administration,
  now: Date,
): Promise<Account> {
  return db.transaction(async (trx) => {
    await lockInstallation(trx)
    const before = await getAccount(trx, username)
    const changes: { role?: Role; disabled_at?: Date | null } & Partial<typeof noTotp> = {}
    if (role !== undefined && role !== before.role) changes.role = role
    if (disabled !== undefined && disabled !== (before.disabled_at !== null))
      changes.disabled_at = disabled ? now : null
    if (totp_enabled === false && before.totp_enabled) Object.assign(changes, noTotp)
    if (Object.keys(changes).length === 0) return before
    const account = await updateAccount(trx, before.id, changes)
    if (!account) throw gone()
    if (isActiveAdmin(before) && (await countActiveAdmins(trx)) === 0)
      throw new Problem('conflict', 'last_admin', 'This is the last admin: make another one first.')
    if (changes.disabled_at) {
      await endSessions(trx, account.id, 'all', now)
      await endApiKeys(trx, account.id, 'all', now)
    }
    await emitUpdated(trx, account, now)
    return account
  })
}

const wrongPassword = () => new Problem('forbidden', 'wrong_password', 'The current password is wrong.')
const isActiveAdmin = (account: Account) => account.role === 'admin' && account.disabled_at === null

export interface PasswordChange {
  account: Pick<Account, 'id' | 'username'>
  sessionId: number
  current: string
  next: string
  address: string
}

/** Sets a new password and ends all other sessions. @throws 403 `wrong_password`; 429 after too many. */
export async function changePassword(
  db: Db,
  { hasher, limits, now }: { hasher: Hasher; limits: LoginLimits; now: Date },
  { account, sessionId, current, next, address }: PasswordChange,
): Promise<void> {
  // A stolen session must not become a way to guess the password: failures count as failed logins do.
  const known = await limits.guard({ username: account.username, address }, async () => {
    const found = await findCredentials(db, account.username)
    return (await hasher.verify(found?.password_hash, current)) ? found : undefined
  })
  if (!known) throw wrongPassword()
  const password_hash = await hasher.hash(next)
  await db.transaction(async (trx) => {
    if (!(await replacePassword(trx, account.id, known.password_hash, password_hash))) throw wrongPassword()
    await endSessions(trx, account.id, { except: sessionId }, now)
  })
}
