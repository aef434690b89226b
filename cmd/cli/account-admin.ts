import type { Knex } from 'knex'
import { z } from 'zod'
import { type Account, passwordMaxBytes, type Role, usernamePattern } from '#internal/accounts/account'
import { administer, getAccount } from '#internal/accounts/change'
import { createHasher } from '#internal/accounts/hasher'
import { register } from '#internal/accounts/register'
import { endSessions } from '#internal/accounts/sessions'
import { findAccount, findCredentials, listAccounts, replacePassword } from '#internal/accounts/store'
import { readConfig } from '#internal/config/read'
import { type Clock, systemClock } from '#internal/runtime/clock'
import { PlainError } from '#internal/runtime/plain-error'
import { UsageError } from './failure.ts'

const email = z.email().max(254)
const pageSize = 200

export interface NewAccount {
  username: string
  password: string
  email?: string | undefined
  /** Without one: admin for the first account of an installation, member for the others. */
  role?: Role | undefined
}

export type AccountAdmin = ReturnType<typeof accountAdmin>

/** What an operator does to accounts, by the rules and with the events of the API. Functions throw what the domain throws. */
export function accountAdmin(db: Knex, env: NodeJS.ProcessEnv, clock: Clock = systemClock) {
  const hasher = createHasher()

  return {
    find: (username: string): Promise<Account | undefined> => findAccount(db, username),

    /** Pages through all of them, by username. */
    async *list(query?: string): AsyncGenerator<Account> {
      for (let after: string | undefined; ; ) {
        const rows = await listAccounts(db, { query, after, limit: pageSize })
        yield* rows.slice(0, pageSize)
        if (rows.length <= pageSize) return
        after = rows[pageSize - 1]!.username.toLowerCase()
      }
    },

    async create({ username, password, email: address, role }: NewAccount): Promise<Account> {
      if (!usernamePattern.test(username))
        throw new UsageError(`"${username}" is no username: 1 to 64 letters, digits, dots, dashes or underscores.`)
      if (address !== undefined && !email.safeParse(address).success)
        throw new UsageError(`"${address}" is no e-mail address.`)
      checkPassword(password, env)
      return db.transaction(async (trx) => {
        const account = await register(trx, { hasher, now: clock.now() }, { username, password, email: address })
        return role === undefined ? account : administer(trx, username, { role }, clock.now())
      })
    },

    setRole: (username: string, role: Role): Promise<Account> => administer(db, username, { role }, clock.now()),
    disable: (username: string): Promise<Account> => administer(db, username, { disabled: true }, clock.now()),
    enable: (username: string): Promise<Account> => administer(db, username, { disabled: false }, clock.now()),

    /** Whatever the password was. All sessions end. */
    async setPassword(username: string, password: string): Promise<Account> {
      checkPassword(password, env)
      const { id } = await getAccount(db, username)
      const hash = await hasher.hash(password)
      return db.transaction(async (trx) => {
        const before = await findCredentials(trx, username)
        if (!before || !(await replacePassword(trx, id, before.password_hash, hash)))
          throw new PlainError('Somebody else has just changed this account. Try again.')
        await endSessions(trx, id, 'all', clock.now())
        return getAccount(trx, username)
      })
    },
  }
}

function checkPassword(password: string, env: NodeJS.ProcessEnv): void {
  const { PASSWORD_MIN_LENGTH: least } = readConfig(env, ['PASSWORD_MIN_LENGTH'])
  if ([...password].length < least)
    throw new PlainError(`A password has at least ${least} characters (BELFRY_PASSWORD_MIN_LENGTH).`)
  if (Buffer.byteLength(password) > passwordMaxBytes)
    throw new PlainError(`A password has at most ${passwordMaxBytes} bytes.`)
}
