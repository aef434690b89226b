import { IconAlertTriangle, IconBell, IconMessage } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { Me, Schedule } from '../../api/views.ts'
import { useNow } from '../../shared/time.tsx'
import { moment } from '../words.ts'
import classes from './schedules.module.css'
import { repeatWords, scheduleTitle } from './schedules.ts'

/** A schedule in the list: what, when next, and whether it went well. */
export function ScheduleRow({ schedule, me, isSelected }: { schedule: Schedule; me: Me; isSelected: boolean }) {
  const now = useNow()
  const { id, alert, owner, paused, next_at, last_error } = schedule
  const Icon = alert ? IconBell : IconMessage
  const next = paused ? 'Paused' : next_at === null ? 'Over' : `Next: ${moment(new Date(next_at), now)}`
  return (
    <li>
      <Link href={`/${id}`} className={classes.link!} aria-current={isSelected ? 'page' : undefined}>
        <Icon size={20} stroke={1.7} role="img" aria-label={alert ? 'Alert' : 'Message'} className={classes.icon} />
        <span className={classes.what}>
          <span className={classes.title}>{scheduleTitle(schedule)}</span>
          <span className={classes.more}>
            <span data-state={next_at === null ? 'idle' : 'next'}>{next}</span> · {repeatWords(schedule)}
            {owner !== me.username && ` · ${owner}`}
          </span>
          {last_error !== null && (
            <span className={classes.failed}>
              <IconAlertTriangle size={16} aria-hidden="true" /> Failed: {last_error}
            </span>
          )}
        </span>
      </Link>
    </li>
  )
}
