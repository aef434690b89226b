import type { ReactNode } from 'react'
import classes from './settings.module.css'

/** Says that something went well, where it did. */
export function Done({ when, children }: { when: boolean; children: ReactNode }) {
  return (
    <div role="status" className={classes.status}>
      {when && <p className={classes.done}>{children}</p>}
    </div>
  )
}
