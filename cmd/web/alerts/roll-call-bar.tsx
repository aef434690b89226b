import { formatNumber } from '../shared/plural.ts'
import { type Counts, sharesOf } from './counts.ts'
import classes from './roll-call-bar.module.css'

const order = ['acknowledged', 'read', 'delivered', 'unreached'] as const

/** How far an alert has come: the more certain, the deeper; who was not reached is hatched. */
export function RollCallBar({ counts, thick = false }: { counts: Counts | undefined; thick?: boolean }) {
  if (!counts) return <div className={classes.bar} data-thick={thick} />
  const { targeted, delivered, read, acknowledged } = counts
  const shares = sharesOf(counts)
  const words =
    `${formatNumber(acknowledged)} acknowledged, ${formatNumber(read)} read, ` +
    `${formatNumber(delivered)} delivered, ${formatNumber(shares.unreached)} not reached, of ${formatNumber(targeted)}`
  return (
    <div className={classes.bar} data-thick={thick} role="img" aria-label={words}>
      {order.map(
        (share) =>
          shares[share] > 0 && (
            <span key={share} className={classes.share} data-share={share} style={{ flexGrow: shares[share] }} />
          ),
      )}
    </div>
  )
}

/** What a colour of the bar stands for. */
export const Swatch = ({ share }: { share: (typeof order)[number] }) => (
  <span className={classes.swatch} data-share={share} aria-hidden="true" />
)
