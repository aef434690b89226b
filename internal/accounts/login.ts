import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Hasher } from './hasher.ts'
import type { LoginLimits } from './login-limits.ts'
import { invalidCredentials } from './sessions.ts'
import { type Credentials, findCredentials } from './store.ts'
import type { TotpCodes } from './totp-codes.ts'
import { useTotpStep } from './totp-store.ts'

export interface LoginDeps {
  hasher: Hasher
  limits: LoginLimits
  codes: TotpCodes
}

export interface Login {
  username: string
  password: string
  /** Asked for where the account has TOTP enabled, else ignored. */
  totp?: string | undefined
  address: string
}

/**
 * The account whose password this is. Unknown accounts, disabled ones, wrong passwords and wrong codes are one and the same answer,
 * the first three after the same time.
 * @throws 401 `invalid_credentials`; 401 `totp_required` when only the code is missing; 429 after too many failures.
 */
export async function logIn(db: Db, { hasher, limits, codes }: LoginDeps, login: Login): Promise<Credentials> {
  const { username, password, totp, address } = login
  const account = await limits.guard({ username, address }, async () => {
    const found = await findCredentials(db, username)
    const right = await hasher.verify(found?.password_hash, password)
    if (!right || found?.disabled_at !== null) return undefined
    if (!found.totp_enabled) return found
    if (totp === undefined) throw new Problem('unauthenticated', 'totp_required', 'A code (totp) is needed as well.')
    return (await useCode(db, codes, found, totp)) ? found : undefined
  })
  if (!account) throw invalidCredentials()
  return account
}

/** Whether the code is right, now used up, and was not used before. */
async function useCode(db: Db, codes: TotpCodes, account: Credentials, code: string): Promise<boolean> {
  const { id, totp_secret: sealed } = account
  if (!sealed) return false
  const step = codes.stepOf({ id, sealed }, code)
  return step !== undefined && (await useTotpStep(db, id, sealed, step))
}
