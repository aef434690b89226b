import DataLoader from 'dataloader'
import { apiKeyPrefix, hasScope, type KeyScope } from '#internal/accounts/api-key'
import { findApiKeys } from '#internal/accounts/api-keys-store'
import { createJwts } from '#internal/accounts/jwt'
import { findSessions, type Session, type SessionKey } from '#internal/accounts/sessions-store'
import { useTicket } from '#internal/accounts/tickets'
import { findInboxTokens, inboxTokenPrefix } from '#internal/alerts/inbox-tokens'
import { findInboxObjects } from '#internal/alerts/object-store'
import type { Db } from '#internal/db/pool'
import { systemClock } from '#internal/runtime/clock'
import { hashSecret } from '#internal/runtime/ids'
import { Problem } from '#internal/runtime/problem'
import type { Identity } from './client.ts'
import { type Credentials, tokenOf } from './credentials.ts'

const unauthenticated = () => new Problem('unauthenticated', 'unauthenticated', 'Valid credentials are needed.')

/** Who opens a socket. Throws a Problem: unauthenticated, forbidden or not_found. */
export type Authenticate = (
  kind: Identity['kind'],
  credentials: Credentials,
  objectId: string | undefined,
) => Promise<Identity>

/** Look-ups of the upgrades that arrive together become one query each: a storm of reconnections costs a few queries, not thousands. */
function batched<K, V>(load: (keys: readonly K[]) => Promise<(V | undefined)[]>) {
  return new DataLoader<K, V | undefined>(load, {
    cache: false,
    maxBatchSize: 1000,
    batchScheduleFn: (dispatch) => setTimeout(dispatch, 2),
  })
}

export function createAuthenticate(db: Db, jwtSecret: string): Authenticate {
  const jwts = createJwts({ secret: jwtSecret, clock: systemClock })
  const sessions = batched<SessionKey, Session>((keys) => findSessions(db, keys, systemClock.now()))
  const apiKeys = batched((hashes: readonly Buffer[]) => findApiKeys(db, hashes, systemClock.now()))
  const inboxTokens = batched((hashes: readonly Buffer[]) => findInboxTokens(db, hashes))
  const objects = batched(async (ids: readonly number[]) => {
    const found = new Map((await findInboxObjects(db, [...ids])).map((row) => [row.id, row]))
    return ids.map((id) => found.get(id))
  })

  /** An API key needs all of the scopes. */
  async function sessionOf(credentials: Credentials, scopes: KeyScope[]): Promise<Identity['session']> {
    const token = credentials.ticket === undefined ? tokenOf(credentials) : undefined
    if (token?.startsWith(apiKeyPrefix)) return sessionByKey(token, scopes)
    const key = await sessionKey(credentials)
    const session = key && (await sessions.load(key))
    if (!session) throw unauthenticated()
    const { sessionId, account, expiresAt } = session
    return { id: sessionId, accountId: account.id, role: account.role, expiresAt: expiresAt.getTime() }
  }

  async function sessionByKey(token: string, needed: KeyScope[]): Promise<Identity['session']> {
    const found = await apiKeys.load(hashSecret(token))
    if (!found) throw unauthenticated()
    const { keyId, scopes, account, expiresAt } = found
    const missing = needed.find((scope) => !hasScope(scopes, scope))
    if (missing) throw new Problem('forbidden', 'scope_missing', `This API key lacks the scope ${missing}.`)
    const until = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    return { id: `key ${keyId}`, accountId: account.id, role: account.role, expiresAt: until }
  }

  async function sessionKey(credentials: Credentials): Promise<SessionKey | undefined> {
    if (credentials.ticket !== undefined) return useTicket(db, credentials.ticket, systemClock.now())
    const token = tokenOf(credentials)
    if (token === undefined) return undefined
    return token.includes('.') ? jwts.verify(token) : { tokenHash: hashSecret(token) }
  }

  async function findObject(id: number) {
    const object = await objects.load(id)
    if (!object) throw new Problem('not_found', 'not_found', 'There is no such object.')
    return { id, createdVersion: object.created_version }
  }

  async function inboxOf(credentials: Credentials, id: number): Promise<Identity> {
    const token = tokenOf(credentials)
    if (token?.startsWith(inboxTokenPrefix)) {
      const held = await inboxTokens.load(hashSecret(token))
      if (!held) throw unauthenticated()
      if (held.object_id !== id) throw new Problem('forbidden', 'forbidden', 'The token is for another inbox.')
      const object = { id, createdVersion: held.created_version, tokenId: held.token_id }
      return { kind: 'inbox', session: undefined, object }
    }
    // Whoever is let in may also acknowledge.
    const session = await sessionOf(credentials, ['stream', 'alerts'])
    if (session?.role === 'member')
      throw new Problem('forbidden', 'forbidden', 'Only dispatchers and the object itself may look into an inbox.')
    return { kind: 'inbox', session, object: { ...(await findObject(id)), tokenId: undefined } }
  }

  return async (kind, credentials, objectId) => {
    if (kind === 'inbox') return inboxOf(credentials, /^\d{1,10}$/.test(objectId ?? '') ? Number(objectId) : 0)
    return { kind, session: await sessionOf(credentials, ['stream']), object: undefined }
  }
}
