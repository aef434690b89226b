import type { ReactNode } from 'react'
import classes from './badge.module.css'

/** A word about something, e.g. that an account is disabled. */
export function Badge({
  tone = 'calm',
  children,
}: {
  tone?: 'calm' | 'accent' | 'warn' | 'critical'
  children: ReactNode
}) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  )
}
