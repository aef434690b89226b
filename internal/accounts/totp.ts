import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Account } from './account.ts'
import { emitUpdated } from './events.ts'
import type { LoginLimits } from './login-limits.ts'
import type { TotpCodes } from './totp-codes.ts'
import { disableTotp, enableTotp, findTotp, storeTotpSecret } from './totp-store.ts'

const alreadyEnabled = () => new Problem('conflict', 'totp_enabled', 'TOTP is enabled already.')
const wrongCode = () => new Problem('forbidden', 'wrong_code', 'The code is wrong, or it was used before.')

/**
 * Makes a secret, shown this once. Logging in does not ask for codes until one was confirmed; asking again replaces the secret.
 * @throws 409 `totp_enabled`
 */
export async function startTotp(
  db: Db,
  codes: TotpCodes,
  account: Pick<Account, 'id' | 'username'>,
): Promise<{ secret: string; otpauth_url: string }> {
  const { sealed, ...shown } = codes.create(account)
  if (!(await storeTotpSecret(db, account.id, sealed))) throw alreadyEnabled()
  return shown
}

/**
 * Enables TOTP by a first code, which is used up by it.
 * @throws 403 `wrong_code`; 404 `totp_not_started`; 409 `totp_enabled`
 */
export async function confirmTotp(db: Db, codes: TotpCodes, id: number, code: string, now: Date): Promise<Account> {
  const stored = await findTotp(db, id)
  if (stored?.totp_enabled) throw alreadyEnabled()
  const sealed = stored?.totp_secret
  if (!sealed) throw new Problem('not_found', 'totp_not_started', 'Ask for a secret first: POST /api/v1/me/totp.')
  const step = codes.stepOf({ id, sealed }, code)
  if (step === undefined) throw wrongCode()
  return db.transaction(async (trx) => {
    const account = await enableTotp(trx, id, sealed, step)
    // Confirmed or replaced by another request in the meantime.
    if (!account) throw (await findTotp(trx, id))?.totp_enabled ? alreadyEnabled() : wrongCode()
    await emitUpdated(trx, account, now)
    return account
  })
}

/**
 * Disables TOTP by a code. A stolen session must not become a way to guess one: wrong ones count as failed logins do.
 * @throws 403 `wrong_code`; 404 `totp_not_enabled`; 429 after too many.
 */
export async function endTotp(
  db: Db,
  { codes, limits, now }: { codes: TotpCodes; limits: LoginLimits; now: Date },
  { account, code, address }: { account: Pick<Account, 'id' | 'username'>; code: string; address: string },
): Promise<void> {
  const { id, username } = account
  const disabled = await limits.guard({ username, address }, async () => {
    const stored = await findTotp(db, id)
    if (!stored?.totp_enabled || !stored.totp_secret)
      throw new Problem('not_found', 'totp_not_enabled', 'TOTP is not enabled.')
    const sealed = stored.totp_secret
    const step = codes.stepOf({ id, sealed }, code)
    if (step === undefined) return undefined
    return db.transaction(async (trx) => {
      const changed = await disableTotp(trx, id, sealed, step)
      if (changed) await emitUpdated(trx, changed, now)
      return changed
    })
  })
  if (!disabled) throw wrongCode()
}
