import { type ReactNode, Suspense } from 'react'
import { Link, useLocation } from 'wouter'
import { Loading } from '../shared/notices.tsx'
import classes from './tabs.module.css'

const tabs = [
  { path: '/recipients', text: 'Recipients' },
  { path: '/accounts', text: 'Accounts' },
  { path: '/dead-letters', text: 'Dead letters' },
  { path: '/dashboards', text: 'Dashboards' },
]

/** The parts of Manage, above the one that is open. A dispatcher has one part, and so no tabs. */
export function Tabs({ isAdmin, children }: { isAdmin: boolean; children: ReactNode }) {
  const [path] = useLocation()
  // On a phone, what is open of a list has the screen for itself.
  const isDeep = path.split('/').length > 2
  return (
    <div className={classes.frame}>
      {isAdmin && (
        <nav className={classes.tabs} data-deep={isDeep} aria-label="Manage">
          {tabs.map(({ path: to, text }) => (
            <Link
              key={to}
              href={to}
              className={classes.tab!}
              aria-current={path === to || path.startsWith(`${to}/`) ? 'page' : undefined}
            >
              {text}
            </Link>
          ))}
        </nav>
      )}
      <Suspense fallback={<Loading />}>{children}</Suspense>
    </div>
  )
}
