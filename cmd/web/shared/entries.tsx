import type { ReactNode } from 'react'
import { Link } from 'wouter'
import classes from './rows.module.css'

/** A list of things, one below the other. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  )
}

export interface RowProps {
  /** To the left: an avatar, an icon. */
  media?: ReactNode
  title: ReactNode
  detail?: ReactNode
  /** To the right of the text, e.g. a time. */
  aside?: ReactNode
  /** Buttons; below the text where there is no room beside it. */
  actions?: ReactNode
  /** The whole row leads there. Such a row has no actions. */
  href?: string
  /** It is what is open. */
  isOpen?: boolean
}

/** One of them, on two lines. */
export function Row({ media, title, detail, aside, actions, href, isOpen }: RowProps) {
  const content = (
    <>
      {media}
      <span className={classes.texts}>
        <span className={classes.title}>{title}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
      {aside && <span className={classes.aside}>{aside}</span>}
      {actions && <span className={classes.actions}>{actions}</span>}
    </>
  )
  return (
    <li>
      {href === undefined ? (
        <div className={classes.row}>{content}</div>
      ) : (
        <Link href={href} className={classes.row!} aria-current={isOpen ? 'page' : undefined}>
          {content}
        </Link>
      )}
    </li>
  )
}
