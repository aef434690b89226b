import type { ReactNode } from 'react'
import type { RollCall } from '../../api/views.ts'
import { Time } from '../../shared/time.tsx'
import { Swatch } from '../roll-call-bar.tsx'
import classes from './roll-call.module.css'

const steps = [
  { key: 'delivered_at', share: 'delivered', word: 'Delivered' },
  { key: 'read_at', share: 'read', word: 'Read' },
  { key: 'acknowledged_at', share: 'acknowledged', word: 'Acknowledged' },
] as const

/** What the columns are; on a phone each row says it itself. */
export const NameHeadings = () => (
  <div className={classes.headings} aria-hidden="true">
    <span />
    {steps.map(({ key, word }) => (
      <span key={key}>{word}</span>
    ))}
  </div>
)

/** One recipient with the times of what it has done. */
export function NameRow({ item }: { item: RollCall['items'][number] }) {
  const last = steps.findLast(({ key }) => item[key] !== null)
  return (
    <div className={classes.row}>
      <span className={classes.name}>
        {item.email ?? <i>Removed recipient</i>} <span className={classes.id}>#{item.object_id}</span>
      </span>
      {!last && (
        <Step isLast>
          <Swatch share="unreached" />
          Not reached
        </Step>
      )}
      {steps.map(({ key, share, word }) => {
        const at = item[key]
        return (
          at !== null && (
            <Step key={key} column={share} isLast={last?.key === key}>
              <Swatch share={share} />
              <span className={classes.word}>{word}</span> <Time at={at} as="clock" />
            </Step>
          )
        )
      })}
    </div>
  )
}

/** On a phone the last one alone is shown. */
const Step = (props: { column?: string; isLast: boolean; children: ReactNode }) => (
  <span className={classes.step} data-column={props.column} data-last={props.isLast}>
    {props.children}
  </span>
)
