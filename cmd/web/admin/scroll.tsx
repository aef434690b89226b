import type { ReactNode } from 'react'
import classes from './scroll.module.css'

/** What scrolls below a header. */
export function Scroll({ children }: { children: ReactNode }) {
  return <div className={classes.scroll}>{children}</div>
}
