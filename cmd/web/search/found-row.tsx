import { IconHash, IconUser, IconUsers } from '@tabler/icons-react'
import { memo } from 'react'
import { Link } from 'wouter'
import type { FoundMessage } from '../api/views.ts'
import { Avatar } from '../shared/avatar.tsx'
import { Time } from '../shared/time.tsx'
import { linkTo } from './found.ts'
import classes from './search.module.css'
import { splitSnippet } from './snippet.ts'

const icons = { topic: IconHash, group: IconUsers, direct: IconUser }

/** A message that was found, with what of it matches; leads to where it was said. */
export const FoundRow = memo(function FoundRow({ message, place }: { message: FoundMessage; place: string }) {
  const Icon = icons[message.conversation.kind]
  return (
    <li>
      <Link href={linkTo(message)} className={classes.row!}>
        <Avatar name={message.author} size={36} />
        <span className={classes.text}>
          <span className={classes.head}>
            <strong>{message.author}</strong>
            <span className={classes.place}>
              <Icon size={14} aria-hidden="true" /> {place}
            </span>
            <span className={classes.time}>
              <Time at={message.created_at} />
            </span>
          </span>
          <span className={classes.snippet}>
            {splitSnippet(message.snippet, message.body ?? '').map(({ text, isMatch }, n) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name, and never move.
              isMatch ? <mark key={n}>{text}</mark> : <span key={n}>{text}</span>,
            )}
          </span>
        </span>
      </Link>
    </li>
  )
})
