import type { Db } from '#internal/db/pool'
import type { Account } from './account.ts'
import { columns, noTotp } from './store.ts'

/** A secret as it is stored; it counts for nothing until the first code has proved that the account has it. */
export interface StoredTotp {
  totp_secret: Buffer | null
  totp_enabled: boolean
}

export function findTotp(db: Db, id: number): Promise<StoredTotp | undefined> {
  return db('accounts').where({ id }).first('totp_secret', 'totp_enabled')
}

/** Stores a secret that is not proved yet. False when TOTP is enabled. */
export async function storeTotpSecret(db: Db, id: number, sealed: Buffer): Promise<boolean> {
  const changed = await db('accounts').where({ id, totp_enabled: false }).update({ totp_secret: sealed })
  return changed === 1
}

/** Enables TOTP by the code of this step, if the secret is still the one that the code was checked with. */
export async function enableTotp(db: Db, id: number, sealed: Buffer, step: number): Promise<Account | undefined> {
  const [row] = await db('accounts')
    .where({ id, totp_enabled: false, totp_secret: sealed })
    .update({ totp_enabled: true, totp_last_step: step })
    .returning(columns)
  return row
}

/** An account whose code of this step nobody has used yet, nor a later one. */
const unused = (db: Db, id: number, sealed: Buffer, step: number) =>
  db('accounts').where({ id, totp_enabled: true, totp_secret: sealed }).where('totp_last_step', '<', step)

/** Uses the code of this step up: of two requests that bring it at the same moment one gets true. */
export async function useTotpStep(db: Db, id: number, sealed: Buffer, step: number): Promise<boolean> {
  return (await unused(db, id, sealed, step).update({ totp_last_step: step })) === 1
}

/** Disables TOTP and uses the code of this step up, as above. */
export async function disableTotp(db: Db, id: number, sealed: Buffer, step: number): Promise<Account | undefined> {
  const [row] = await unused(db, id, sealed, step).update(noTotp).returning(columns)
  return row
}
