import type { Account, Role } from '#internal/accounts/account'
import type { KeyScope } from '#internal/accounts/api-key'

/** Who is calling. */
export type Principal = AccountPrincipal | ObjectPrincipal

export interface AccountPrincipal {
  kind: 'account'
  account: Pick<Account, 'id' | 'username' | 'role'>
  /** What speaks for the account. */
  by: { sessionId: number } | { keyId: number; scopes: KeyScope[] }
}

/** The holder of an object's inbox token. */
export interface ObjectPrincipal {
  kind: 'object'
  objectId: number
  tokenId: number
}

export const mayDispatch = (role: Role): boolean => role === 'dispatcher' || role === 'admin'

/** The account that calls, on routes that only accounts may call. */
export function callerOf(principal: Principal | undefined): AccountPrincipal {
  if (principal?.kind !== 'account') throw new Error('the route lets others than accounts in')
  return principal
}

/** The account that calls and its session, on routes of access `session`. */
export function sessionOf(principal: Principal | undefined): {
  account: AccountPrincipal['account']
  sessionId: number
} {
  const { account, by } = callerOf(principal)
  if (!('sessionId' in by)) throw new Error('the route lets API keys in')
  return { account, sessionId: by.sessionId }
}
