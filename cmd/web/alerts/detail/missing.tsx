import { Button } from '@mantine/core'
import { IconCircleCheck, IconRepeat, IconUserExclamation } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import type { Alert, Resend } from '../../api/views.ts'
import { count, formatNumber } from '../../shared/plural.ts'
import { Time } from '../../shared/time.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { type Counts, missingOf } from '../counts.ts'
import classes from './alert-pane.module.css'
import { deliveriesKey } from './delivery-states.ts'

const ResendDialog = lazy(() => import('./resend-dialog.tsx'))

/** How many are missing, and what one can do about it. */
export function Missing({ alert, counts }: { alert: Alert; counts: Counts }) {
  const queries = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const [sent, setSent] = useState<Resend>()
  const missing = missingOf(alert, counts)
  if (counts.targeted === 0) return <p className={classes.calm}>There was nobody whom it could reach.</p>
  return (
    <section className={missing > 0 ? classes.missing : classes.calm} aria-label="Missing">
      {missing > 0 ? <IconUserExclamation aria-hidden="true" /> : <IconCircleCheck aria-hidden="true" />}
      <div className={classes.missingWords}>
        <Words alert={alert} counts={counts} missing={missing} />
        {sent && (
          <p role="status">
            Sent again to {sent.to === 'all' ? 'everyone' : 'the missing'}, <Time at={sent.created_at} as="relative" />.
          </p>
        )}
      </div>
      <Button
        variant="default"
        className={missing > 0 ? classes.sendAgain! : ''}
        leftSection={<IconRepeat size={18} />}
        h={44}
        onClick={() => setAsking(true)}
      >
        Send again
      </Button>
      <WhenOpen opened={isAsking}>
        <ResendDialog
          alert={alert}
          missing={missing}
          onSent={(resend) => {
            setSent(resend)
            setAsking(false)
            void queries.invalidateQueries({ queryKey: deliveriesKey(alert.id) })
          }}
          onClose={() => setAsking(false)}
        />
      </WhenOpen>
    </section>
  )
}

function Words({ alert, counts, missing }: { alert: Alert; counts: Counts; missing: number }) {
  const asksToAcknowledge = alert.acknowledge_by !== null
  const unreached = counts.targeted - counts.delivered
  if (missing === 0) return <p>{asksToAcknowledge ? 'Everybody has acknowledged.' : 'Everybody was reached.'}</p>
  if (!asksToAcknowledge) return <p className={classes.missingTitle}>{formatNumber(missing)} not reached</p>
  return (
    <>
      <p className={classes.missingTitle}>{count(missing, 'has', 'have')} not acknowledged</p>
      <p>{unreachedWords(unreached, missing)}</p>
    </>
  )
}

function unreachedWords(unreached: number, missing: number): string {
  if (unreached === 0) return 'It has reached them all.'
  if (unreached === missing) return 'It has reached none of them.'
  return `It has not reached ${formatNumber(unreached)} of them.`
}
