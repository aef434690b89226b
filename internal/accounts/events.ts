import type { Db } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import type { Account } from './account.ts'
import { ownView } from './view.ts'

/** Tells the account's own clients what it is now. */
export async function emitUpdated(trx: Db, account: Account, now: Date): Promise<void> {
  await emit(trx, [{ scope: `account:${account.id}`, event: 'account.updated', data: ownView(account) }], now)
}
