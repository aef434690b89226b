import type { Knex } from 'knex'
import { administer } from '#internal/accounts/change'
import { createHasher } from '#internal/accounts/hasher'
import { endSession, openSession } from '#internal/accounts/sessions'
import { findCredentials } from '#internal/accounts/store'
import type { Clock } from '#internal/runtime/clock'
import { newSecret } from '#internal/runtime/ids'

/** Nobody can register it: no username has such characters. */
export const checkerName = '(belfry check)'
const sessionMs = 10 * 60_000
// Any number that no other advisory lock of the product uses.
const lockKey = 7_230_013

/**
 * Lends `work` the token of an account that is there for checks alone, and disabled between them. One check at a time; others wait.
 * @param db a pool of one connection, which holds the lock
 */
export async function asChecker<T>(db: Knex, clock: Clock, work: (token: string) => Promise<T>): Promise<T> {
  await db.raw('select pg_advisory_lock(?)', [lockKey])
  await makeChecker(db, clock)
  await administer(db, checkerName, { disabled: false }, clock.now())
  const account = (await findCredentials(db, checkerName))!
  const origin = { address: '', userAgent: 'belfry check' }
  const session = await openSession(db, account, { now: clock.now(), lifetimeMs: sessionMs, origin })
  try {
    return await work(session.token)
  } finally {
    await endSession(db, account.id, session.id, clock.now())
    await administer(db, checkerName, { disabled: true }, clock.now())
  }
}

/** As a member, even when it is the first account: the admin is somebody else. Nobody knows its password. */
async function makeChecker(db: Knex, clock: Clock): Promise<void> {
  if (await findCredentials(db, checkerName)) return
  const password_hash = await createHasher().hash(newSecret())
  await db('accounts').insert({ username: checkerName, password_hash, role: 'member', created_at: clock.now() })
}
