import type { ReactNode } from 'react'
import { useSearchShortcut } from '../search/use-search-shortcut.ts'
import { AccountMenu } from './account-menu.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { Navigation } from './navigation.tsx'
import classes from './shell.module.css'

/** What stays on every page: where one can go, who one is, and how the connection is. */
export function Shell({ children }: { children: ReactNode }) {
  useSearchShortcut()
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        Skip to the content
      </a>
      <nav className={classes.rail} aria-label="Main">
        <img className={classes.logo} src="/favicon.svg" alt="Belfry" width={36} height={36} />
        <Navigation />
        <AccountMenu />
      </nav>
      <main className={classes.main} id="main" tabIndex={-1}>
        <ConnectionNotice />
        {children}
      </main>
    </div>
  )
}
