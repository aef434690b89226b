import type { Kind } from './profile.ts'

/** A post as a provider has it; the text is plain. */
export interface Post {
  /** The provider's own name for it, unique in its profile. */
  externalId: string
  author: string
  text: string
  url: string | null
  /** Null when the provider does not say. */
  publishedAt: Date | null
}

/** What is known of a profile from the fetch before. */
export interface Known {
  address: string
  remote_id: string | null
  etag: string | null
  last_modified: string | null
}

export interface Fetched {
  /** Undefined when nothing has changed since. */
  posts?: Post[]
  remote_id: string | null
  etag: string | null
  last_modified: string | null
}

/** Where posts come from. Knows the address's form and the provider's protocol, nothing of accounts or storage. */
export interface Provider {
  kind: Kind
  /** @throws FetchError */
  fetch(known: Known, signal?: AbortSignal): Promise<Fetched>
}

export interface FetchErrorOptions {
  cause?: unknown
  /** When the provider wants to be asked again; it does not say by default. */
  retryAt?: Date | undefined
  /** Whether that holds for every profile of the kind, as with the quota of a token. */
  holdsForAll?: boolean
}

/** A fetch that failed. The message is for whoever linked the profile. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
  readonly retryAt: Date | undefined
  readonly holdsForAll: boolean

  constructor(message: string, { cause, retryAt, holdsForAll = false }: FetchErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.retryAt = retryAt
    this.holdsForAll = holdsForAll
  }
}
