import type { Account, Role } from '#internal/accounts/account'

/** Who is calling. */
export type Principal = AccountPrincipal | ObjectPrincipal

export interface AccountPrincipal {
  kind: 'account'
  account: Pick<Account, 'id' | 'username' | 'role'>
  sessionId: number
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
