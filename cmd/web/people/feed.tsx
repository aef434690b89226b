import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../api/api.ts'
import type { FeedItem, Feed as FeedView } from '../api/views.ts'
import { Loaded } from '../shared/notices.tsx'
import { Time } from '../shared/time.tsx'
import { SourceIcon, sources } from './feed-source.tsx'
import classes from './people.module.css'

export const feedKey = ['feed'] as const

/** What people here have posted elsewhere, the newest of it. */
export function Feed() {
  const feed = useQuery({
    queryKey: feedKey,
    queryFn: ({ signal }) => api.get<FeedView>('/feed', { signal }),
    staleTime: 0,
  })
  return (
    <section className={classes.part}>
      <h2>Posts from elsewhere</h2>
      <Loaded query={feed}>
        {({ items, sources: states }) => (
          <>
            {items.length === 0 && (
              <p className={classes.dim}>
                Nothing yet. The newest posts of all profiles that people here have linked come here, some minutes after
                they were linked.
              </p>
            )}
            <ul className={classes.posts}>
              {items.map((item) => (
                <Post key={`${item.source} ${item.author} ${item.published_at} ${item.text}`} item={item} />
              ))}
            </ul>
            {states
              .filter(({ detail }) => detail)
              .map(({ kind, detail }) => (
                <p key={kind} className={classes.dim}>
                  {sources[kind].label}: {detail}
                </p>
              ))}
          </>
        )}
      </Loaded>
    </section>
  )
}

function Post({ item: { account, source, author, text, url, published_at } }: { item: FeedItem }) {
  return (
    <li className={classes.post}>
      <SourceIcon kind={source} />
      <div className={classes.grow}>
        <p className={classes.by}>
          <strong>{author}</strong>
          <span className={classes.dim}>
            {' '}
            · linked by <Link href={`/people/${account}`}>{account}</Link> · <Time at={published_at} />
          </span>
        </p>
        {/* Written by strangers: text, and nothing else. */}
        <p className={classes.words}>{text}</p>
        {url && (
          <a href={url} target="_blank" rel="noopener noreferrer">
            Read it there
          </a>
        )}
      </div>
    </li>
  )
}
