import { Button } from '@mantine/core'
import { IconCheck, IconCircleCheckFilled, IconRepeat } from '@tabler/icons-react'
import { useRef } from 'react'
import { Severity } from '../alerts/severity.tsx'
import { Time } from '../shared/time.tsx'
import classes from './inbox.module.css'
import type { Item } from './items.ts'
import { useSeen } from './use-seen.ts'

interface CardProps {
  item: Item
  isNewest: boolean
  /** Acknowledged here, but the server has not confirmed it. */
  isAsked: boolean
  isLive: boolean
  onSeen: () => void
  onAcknowledge: () => void
}

/** One alert, and the button that answers it. */
export function Card({ item, isNewest, isAsked, isLive, onSeen, onAcknowledge }: CardProps) {
  const { text, severity, created_at, read_at, acknowledged_at, sent_again } = item
  const card = useRef<HTMLElement>(null)
  useSeen(card, read_at !== null, onSeen)
  const isWaiting = isAsked && acknowledged_at === null
  return (
    <article ref={card} className={classes.card} data-severity={severity} data-newest={isNewest}>
      <div className={classes.top}>
        <Severity severity={severity} size={isNewest ? 20 : 16} />
        {sent_again !== undefined && (
          <span className={classes.again}>
            <IconRepeat size={16} aria-hidden="true" />
            Sent again
          </span>
        )}
        <Time at={created_at} as="relative" />
      </div>
      <p className={classes.text}>{text}</p>
      {acknowledged_at === null ? (
        <Button
          size={isNewest ? 'xl' : 'md'}
          fullWidth={isNewest}
          variant={isNewest ? 'filled' : 'light'}
          color={severity === 'critical' ? 'red' : 'teal'}
          leftSection={<IconCheck size={isNewest ? 26 : 20} />}
          loading={isWaiting}
          onClick={onAcknowledge}
        >
          Acknowledge
        </Button>
      ) : (
        <p className={classes.done} role="status">
          <IconCircleCheckFilled size={isNewest ? 24 : 18} aria-hidden="true" />
          Acknowledged <Time at={acknowledged_at} as="clock" />
        </p>
      )}
      {isWaiting && !isLive && (
        <p className={classes.note} role="status">
          Not sent yet: it is as soon as there is a connection. Keep this page open.
        </p>
      )}
    </article>
  )
}
