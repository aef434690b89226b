/** What tells an API key from the other credentials. */
export const apiKeyPrefix = 'bk_'

/**
 * What a key may do, never more than its account. `read`: everything that only reads. The others: to read and to write.
 * `stream`: events, over WebSockets and as pages. `all`: all of these.
 */
export const keyScopes = ['all', 'read', 'messages', 'objects', 'alerts', 'accounts', 'stream'] as const
export type KeyScope = (typeof keyScopes)[number]

/** Whether a key with these scopes may do what needs any one of `needed`. */
export const hasScope = (scopes: readonly KeyScope[], ...needed: readonly KeyScope[]): boolean =>
  scopes.includes('all') || needed.some((scope) => scopes.includes(scope))

export interface ApiKey {
  id: number
  account_id: number
  name: string
  scopes: KeyScope[]
  created_at: Date
  /** Null: never. */
  expires_at: Date | null
  last_used_at: Date | null
}

export const apiKeyView = ({ id, name, scopes, expires_at, created_at, last_used_at }: ApiKey) => ({
  id,
  name,
  scopes,
  expires_at: expires_at?.toISOString() ?? null,
  created_at: created_at.toISOString(),
  last_used_at: last_used_at?.toISOString() ?? null,
})
