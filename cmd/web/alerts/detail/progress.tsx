import { formatNumber } from '../../shared/plural.ts'
import type { Counts } from '../counts.ts'
import { RollCallBar, Swatch } from '../roll-call-bar.tsx'
import { percent } from '../words.ts'
import classes from './alert-pane.module.css'

const states = [
  { state: 'delivered', word: 'Delivered' },
  { state: 'read', word: 'Read' },
  { state: 'acknowledged', word: 'Acknowledged' },
] as const

/** How far it has come, as a bar and in figures. */
export function Progress({ counts }: { counts: Counts }) {
  return (
    <section className={classes.progress} aria-label="Progress">
      <RollCallBar counts={counts} thick />
      <dl className={classes.figures}>
        <div>
          <dt>Targeted</dt>
          <dd>
            <b>{formatNumber(counts.targeted)}</b>
          </dd>
        </div>
        {states.map(({ state, word }) => (
          <div key={state}>
            <dt>
              <Swatch share={state} />
              {word}
            </dt>
            <dd>
              <b>{formatNumber(counts[state])}</b> {percent(counts[state], counts.targeted)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
