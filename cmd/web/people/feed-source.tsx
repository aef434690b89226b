import { IconBrandMastodon, IconBrandX, IconRss } from '@tabler/icons-react'
import type { Profile } from '../api/views.ts'
import classes from './people.module.css'

/** Where posts come from, in words. */
export const sources = {
  rss: { label: 'RSS or Atom', placeholder: 'https://news.example/feed.xml', Icon: IconRss },
  mastodon: { label: 'Mastodon', placeholder: 'ann@mastodon.example', Icon: IconBrandMastodon },
  x: { label: 'X', placeholder: 'Username on X', Icon: IconBrandX },
} as const satisfies Record<Profile['kind'], unknown>

export function SourceIcon({ kind }: { kind: Profile['kind'] }) {
  const { label, Icon } = sources[kind]
  return (
    <span className={classes.source} role="img" aria-label={label}>
      <Icon size={20} stroke={1.7} />
    </span>
  )
}
