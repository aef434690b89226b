import { lazy, Suspense, useState } from 'react'
import { useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import classes from './shell.module.css'

const AccountMenuItems = lazy(() => import('./account-menu-items.tsx'))

/** Who one is; behind it what is one's own. */
export function AccountMenu() {
  const { username } = useMe()
  const [isOpen, setOpen] = useState(false)
  const button = (
    <button
      type="button"
      className={classes.me}
      aria-label={`Your account: ${username}`}
      aria-haspopup="menu"
      onClick={() => setOpen(!isOpen)}
    >
      <Avatar name={username} size={36} />
    </button>
  )
  if (!isOpen) return button
  return (
    <Suspense fallback={button}>
      <AccountMenuItems target={button} onClose={() => setOpen(false)} />
    </Suspense>
  )
}
