import { Link } from 'wouter'
import type { Alert } from '../api/views.ts'
import { useFed } from '../live/feed-context.tsx'
import { formatNumber } from '../shared/plural.ts'
import { Time } from '../shared/time.tsx'
import classes from './alert-list.module.css'
import { type Counts, countsQuery, missingOf } from './counts.ts'
import { RollCallBar } from './roll-call-bar.tsx'
import { Severity } from './severity.tsx'

/** An alert in the list. Its counts are asked for while it is in view. */
export function AlertRow({ alert, isSelected }: { alert: Alert; isSelected: boolean }) {
  const counts = useFed(countsQuery(alert.id)).data
  return (
    <Link href={`/${alert.id}`} className={classes.link!} aria-current={isSelected ? 'page' : undefined}>
      <span className={classes.top}>
        <Severity severity={alert.severity} />
        <span className={classes.when}>
          <Time at={alert.created_at} />
        </span>
      </span>
      <span className={classes.text}>{alert.text}</span>
      <RollCallBar counts={counts} />
      <span className={classes.bottom}>
        <Reached alert={alert} counts={counts} />
        <span className={classes.who}>{alert.raised_by}</span>
      </span>
    </Link>
  )
}

function Reached({ alert, counts }: { alert: Alert; counts: Counts | undefined }) {
  const all = formatNumber(alert.number_of_objects_receiving_alert)
  if (!counts) return <span>to {all}</span>
  const missing = missingOf(alert, counts)
  if (counts.targeted === 0) return <span>reached nobody: there was nobody</span>
  if (missing > 0)
    return (
      <span>
        <span className={classes.missing}>{formatNumber(missing)} missing</span> of {all}
      </span>
    )
  return (
    <span>
      all {all} {alert.acknowledge_by ? 'acknowledged' : 'reached'}
    </span>
  )
}
