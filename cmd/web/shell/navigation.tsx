import { VisuallyHidden } from '@mantine/core'
import { IconBell, IconHash, IconMessages, IconSearch, IconSettings2, IconUsers } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import { useMe } from '../live/feed-context.tsx'
import { useUnread } from './badges.ts'
import { isDispatcher } from './me.ts'
import classes from './shell.module.css'

/** The sections that one may see, with what waits in them. */
export function Navigation() {
  const me = useMe()
  const [path] = useLocation()
  const unread = useUnread()
  const sections = [
    { path: '/topics', text: 'Topics', Icon: IconHash, waiting: unread.topics },
    { path: '/messages', text: 'Messages', Icon: IconMessages, waiting: unread.chats },
    { path: '/people', text: 'People', Icon: IconUsers, waiting: unread.people },
    ...(isDispatcher(me)
      ? [
          { path: '/alerts', text: 'Alerts', Icon: IconBell, waiting: 0 },
          { path: '/manage', text: 'Manage', Icon: IconSettings2, waiting: 0 },
        ]
      : []),
    { path: '/search', text: 'Search', Icon: IconSearch, waiting: 0 },
  ]
  return (
    <ul className={classes.links}>
      {sections.map(({ path: to, text, Icon, waiting }) => (
        <li key={to}>
          <Link
            href={to}
            className={classes.link!}
            aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}
          >
            <Icon size={24} stroke={1.7} aria-hidden="true" />
            {text}
            {waiting > 0 && (
              <span className={classes.badge}>
                {waiting > 99 ? '99+' : waiting}
                <VisuallyHidden> waiting</VisuallyHidden>
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}
