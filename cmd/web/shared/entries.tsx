import type { ReactNode } from 'react'
import classes from './entries.module.css'

/** Things one below the other that one does something with; for those that lead somewhere there is list.tsx. */
export function Entries({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.entries} aria-label={label}>
      {children}
    </ul>
  )
}

/** One of them. `actions` are below the text where there is no room beside it. */
export function Entry({
  icon,
  title,
  detail,
  aside,
  actions,
}: {
  icon?: ReactNode
  title: ReactNode
  detail?: ReactNode
  /** To the right of the text, e.g. a time. */
  aside?: ReactNode
  actions?: ReactNode
}) {
  return (
    <li className={classes.entry}>
      {icon}
      <div className={classes.texts}>
        <div className={classes.title}>{title}</div>
        {detail && <div className={classes.detail}>{detail}</div>}
      </div>
      {aside && <div className={classes.aside}>{aside}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </li>
  )
}
