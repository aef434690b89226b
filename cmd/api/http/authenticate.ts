import DataLoader from 'dataloader'
import { apiKeyPrefix, hasScope } from '#internal/accounts/api-key'
import { findApiKeys, type KnownKey } from '#internal/accounts/api-keys-store'
import type { Jwts } from '#internal/accounts/jwt'
import { findSessions, type Session, type SessionKey } from '#internal/accounts/sessions-store'
import type { Db } from '#internal/db/pool'
import type { Clock } from '#internal/runtime/clock'
import { hashSecret } from '#internal/runtime/ids'
import { Problem } from '#internal/runtime/problem'
import { mayDispatch, type Principal } from './principal.ts'
import type { Access, Route } from './route.ts'
import { scopeOf, scopesFor } from './scopes.ts'

/** Finds the object whose inbox token this is. */
export type FindInboxToken = (db: Db, token: string) => Promise<{ objectId: number; tokenId: number } | undefined>

export interface AuthenticateDeps {
  db: Db
  clock: Clock
  jwts: Jwts
  loaders: Loaders
  findInboxToken: FindInboxToken
}

export interface Loaders {
  sessions: DataLoader<SessionKey, Session | undefined>
  /** By the hash of the key. */
  apiKeys: DataLoader<Buffer, KnownKey | undefined>
}

/**
 * Looks the credentials of requests that arrive together up in one query for each kind. Nothing is remembered: credentials that
 * were ended stop at once.
 */
export function createLoaders(db: Db, clock: Clock): Loaders {
  const options = { cache: false, batchScheduleFn: (dispatch: () => void) => void setImmediate(dispatch) }
  return {
    sessions: new DataLoader((keys) => findSessions(db, keys, clock.now()), options),
    apiKeys: new DataLoader((hashes) => findApiKeys(db, hashes, clock.now()), options),
  }
}

/**
 * Who sent this Authorization header. The session is looked up on every request, so that one which was ended stops at once.
 * @throws 401 when there is none or it is not valid; what PostgreSQL throws when it is away: that is not the caller's fault.
 */
export async function authenticate(deps: AuthenticateDeps, authorization: string | undefined): Promise<Principal> {
  if (authorization === undefined) throw unauthenticated('Credentials are needed: Authorization: Bearer <token>.')
  const [, scheme, token] = /^(Bearer|JWT) +(\S{1,4096})$/i.exec(authorization) ?? []
  const principal = scheme && token ? await identify(deps, scheme.toLowerCase(), token) : undefined
  if (!principal) throw unauthenticated('The credentials are not valid, or have ended.')
  return principal
}

async function identify(deps: AuthenticateDeps, scheme: string, token: string): Promise<Principal | undefined> {
  if (scheme === 'bearer' && token.startsWith('bx_')) {
    const found = await deps.findInboxToken(deps.db, token)
    return found && { kind: 'object', ...found }
  }
  if (scheme === 'bearer' && token.startsWith(apiKeyPrefix)) {
    const found = await deps.loaders.apiKeys.load(hashSecret(token))
    return found && { kind: 'account', account: found.account, by: { keyId: found.keyId, scopes: found.scopes } }
  }
  const key = scheme === 'bearer' && isSessionToken(token) ? { tokenHash: hashSecret(token) } : jwtKey(deps.jwts, token)
  if (!key) return undefined
  const session = await deps.loaders.sessions.load(key)
  return session && { kind: 'account', account: session.account, by: { sessionId: session.sessionId } }
}

const isSessionToken = (token: string) => /^[0-9a-f]{64}$/.test(token)

const jwtKey = (jwts: Jwts, token: string): SessionKey | undefined =>
  token.split('.').length === 3 ? jwts.verify(token) : undefined

/** @throws 403 when this caller may not use this route. */
export function authorize(route: Route, principal: Principal): void {
  if (!isAllowed(route.access, principal)) throw new Problem('forbidden', 'forbidden', 'You may not do this.')
  if (principal.kind !== 'account' || 'sessionId' in principal.by) return
  if (route.access === 'session')
    throw new Problem('forbidden', 'session_needed', 'This needs a session: an API key does not manage credentials.')
  if (!hasScope(principal.by.scopes, ...scopesFor(route)))
    throw new Problem('forbidden', 'scope_missing', `This API key lacks the scope ${scopeOf(route)}.`)
}

function isAllowed(access: Access, principal: Principal): boolean {
  if (principal.kind === 'object') return access === 'inbox' || access === 'public'
  const { role } = principal.account
  switch (access) {
    case 'admin':
      return role === 'admin'
    case 'dispatcher':
    case 'inbox':
      return mayDispatch(role)
    default:
      return true
  }
}

const unauthenticated = (detail: string) => new Problem('unauthenticated', 'unauthenticated', detail)
