import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Avatar } from '../shared/avatar.tsx'
import { fullName, type Named } from './person.ts'
import classes from './person-line.module.css'

/** Somebody in a list within a page: who, a word about it, and what can be done. */
export function PersonLine({ person, note, actions }: { person: Named; note?: ReactNode; actions?: ReactNode }) {
  const name = fullName(person)
  return (
    <li className={classes.line}>
      <Link href={`/people/${person.username}`} className={classes.who!}>
        <Avatar name={person.username} size={36} />
        <span className={classes.names}>
          <span className={classes.first}>{person.username}</span>
          {(name || note) && <span className={classes.second}>{[name, note].filter(Boolean).join(' · ')}</span>}
        </span>
      </Link>
      {actions && <span className={classes.actions}>{actions}</span>}
    </li>
  )
}
