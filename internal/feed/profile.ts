export const kinds = ['x', 'rss', 'mastodon'] as const
export type Kind = (typeof kinds)[number]

/** A profile elsewhere whose posts are shown in the feed. */
export interface Profile {
  id: number
  kind: Kind
  /** x: the name in small letters; rss: the URL; mastodon: user@host. */
  address: string
  last_fetched_at: Date | null
  /** Why the last fetch failed; null when it did not. */
  last_error: string | null
}

/** A post as it is shown. Everything in it is plain text that came from elsewhere. */
export interface FeedItem {
  id: number
  /** Username of the account that linked the profile; of several the oldest account. */
  account: string
  source: Kind
  author: string
  text: string
  /** http or https. */
  url: string | null
  published_at: Date
}

/** As many profiles as one account may link, besides that of X. */
export const maxProfiles = 20

/** Posts kept of a profile: the newest. */
export const keptItems = 50

export const profileView = ({ id, kind, address, last_fetched_at, last_error }: Profile) => ({
  id,
  kind,
  address,
  last_fetched_at: last_fetched_at?.toISOString() ?? null,
  last_error,
})

export const itemView = ({ account, source, author, text, url, published_at }: FeedItem) => ({
  account,
  source,
  author,
  text,
  url,
  published_at: published_at.toISOString(),
})
