import { violatedUnique } from '#internal/db/errors'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Account, ProfileChanges } from './account.ts'
import type { Hasher } from './hasher.ts'
import { insertAccount } from './store.ts'

export interface Registration extends ProfileChanges {
  username: string
  password: string
}

/**
 * Makes an account; the first of an installation is its admin.
 * @throws 409 `username_taken` or `email_taken`.
 */
export async function register(
  db: Db,
  { hasher, now }: { hasher: Hasher; now: Date },
  registration: Registration,
): Promise<Account> {
  const { username, password, email, first_name, last_name, twitter_username } = registration
  const password_hash = await hasher.hash(password)
  return insertAccount(db, {
    username,
    password_hash,
    email: email ?? null,
    first_name: first_name ?? null,
    last_name: last_name ?? null,
    twitter_username: twitter_username ?? null,
    created_at: now,
  }).catch(explainTaken)
}

/** Turns a violated unique index into what the caller can act on; throws everything else on. */
export function explainTaken(error: unknown): never {
  const index = violatedUnique(error)
  if (index === 'accounts_username') throw new Problem('conflict', 'username_taken', 'This username is taken.')
  if (index === 'accounts_email')
    throw new Problem('conflict', 'email_taken', 'Another account has this e-mail address.')
  throw error
}
