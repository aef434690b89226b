import type { Db } from '#internal/db/pool'
import type { Hasher } from './hasher.ts'
import type { LoginLimits } from './login-limits.ts'
import { invalidCredentials } from './sessions.ts'
import { type Credentials, findCredentials } from './store.ts'

export interface LoginDeps {
  hasher: Hasher
  limits: LoginLimits
}

export interface Login {
  username: string
  password: string
  address: string
}

/**
 * The account whose password this is. Unknown accounts, disabled ones and wrong passwords are one and the same answer, after the
 * same time.
 * @throws 401 `invalid_credentials`; 429 after too many failures.
 */
export async function logIn(db: Db, { hasher, limits }: LoginDeps, login: Login): Promise<Credentials> {
  const { username, password, address } = login
  const account = await limits.guard({ username, address }, async () => {
    const found = await findCredentials(db, username)
    const right = await hasher.verify(found?.password_hash, password)
    return right && found?.disabled_at === null ? found : undefined
  })
  if (!account) throw invalidCredentials()
  return account
}
