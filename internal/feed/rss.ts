import { createHash } from 'node:crypto'
import { parseFeed } from '@rowanmanning/feed-parser'
import { type Client, type Got, statusError, unlessKnown, validators } from './http.ts'
import { keptItems } from './profile.ts'
import { FetchError, type Post, type Provider } from './provider.ts'
import { clip, plainText, webUrl } from './text.ts'

/** RSS and Atom feeds by their URL, asked for with what the server said to recognise them by. */
export function createRss({ get, clock }: Client): Provider {
  return {
    kind: 'rss',
    async fetch(known, signal) {
      const accept = 'application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5'
      const got = await get(new URL(known.address), { headers: { accept, ...unlessKnown(known) }, signal })
      const { etag, last_modified } = known
      if (got.status === 304) return { remote_id: null, etag, last_modified }
      if (got.status !== 200) throw statusError(got, clock.now())
      return { posts: readFeed(got), remote_id: null, ...validators(got) }
    },
  }
}

function readFeed({ body, headers, url }: Got): Post[] {
  try {
    const feed = parseFeed(decode(body, headers['content-type']))
    const dated = feed.items.map((item) => ({ item, publishedAt: item.published ?? item.updated }))
    // Those without a date count as new, in the order of the feed.
    dated.sort((a, b) => (b.publishedAt?.getTime() ?? Infinity) - (a.publishedAt?.getTime() ?? Infinity) || 0)
    return dated.slice(0, keptItems).flatMap(({ item, publishedAt }): Post[] => {
      const link = webUrl(item.url, url)
      const text = plainText(item.title ?? item.description ?? item.content ?? '') || link
      if (!text) return []
      const author = clip(item.authors[0]?.name ?? feed.title ?? '', 200) || url.host
      return [{ externalId: fingerprint(item.id ?? link ?? text), author, text, url: link, publishedAt }]
    })
  } catch (error) {
    throw new FetchError('This is not an RSS or Atom feed.', { cause: error })
  }
}

/** By the charset of the media type, else of the XML declaration, else UTF-8. */
function decode(body: Buffer, contentType = ''): string {
  const declared = /^<\?xml[^>]*\bencoding=["']([\w-]+)["']/.exec(body.subarray(0, 200).toString('latin1'))
  const charset = /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? declared?.[1] ?? 'utf-8'
  return new TextDecoder(charset).decode(body)
}

/** Ids may be of any length: what is long is hashed. */
const fingerprint = (id: string) => (id.length <= 200 ? clip(id) : createHash('sha256').update(id).digest('hex'))
