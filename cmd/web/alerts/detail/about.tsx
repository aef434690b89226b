import { IconArrowForwardUp, IconClockExclamation } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { Alert } from '../../api/views.ts'
import { useFed } from '../../live/feed-context.tsx'
import { count } from '../../shared/plural.ts'
import { useNow } from '../../shared/time.tsx'
import { channelWords } from '../channels.ts'
import { Severity } from '../severity.tsx'
import { lengthOfTime, moment, recipientWord } from '../words.ts'
import classes from './alert-pane.module.css'
import { escalationQuery } from './escalation.ts'

const shortText = 160

/** What the alert says, to whom, over what, and until when it is to be acknowledged. */
export function About({ alert }: { alert: Alert }) {
  const { text, severity, alert_all, number_of_objects_receiving_alert, channels, acknowledge_by, escalates } = alert
  const recipients = count(number_of_objects_receiving_alert, recipientWord)
  return (
    <section className={classes.about} aria-label="The alert">
      <Severity severity={severity} size={20} />
      <p className={classes.text} data-short={text.length <= shortText}>
        {text}
      </p>
      <ul className={classes.facts}>
        <li>{alert_all ? `Everyone: ${recipients}` : `${recipients}, chosen`}</li>
        <li>{channelWords(channels)}</li>
        {escalates !== null && (
          <li>
            Escalation of <Link href={`/${escalates}`}>alert {escalates}</Link>
          </li>
        )}
      </ul>
      {acknowledge_by !== null && (
        <div className={classes.deadline}>
          <IconClockExclamation size={18} aria-hidden="true" />
          <div>
            <Deadline alert={alert} at={new Date(acknowledge_by)} />
          </div>
        </div>
      )}
    </section>
  )
}

function Deadline({ alert, at }: { alert: Alert; at: Date }) {
  const now = useNow(1000)
  const left = at.getTime() - now.getTime()
  const when = <time dateTime={at.toISOString()}>{moment(at, now)}</time>
  if (left > 0)
    return (
      <>
        To be acknowledged until {when}: <b role="timer">{lengthOfTime(left)}</b> left
      </>
    )
  return (
    <>
      Was to be acknowledged until {when} <Escalation alert={alert} />
    </>
  )
}

/** The alert that went out because this one was not acknowledged in time. */
function Escalation({ alert }: { alert: Alert }) {
  const found = useFed(escalationQuery(alert.id)).data
  if (!found) return null
  return (
    <span className={classes.escalated}>
      <IconArrowForwardUp size={18} aria-hidden="true" />
      Escalated as <Link href={`/${found.id}`}>alert {found.id}</Link>
    </span>
  )
}
