import { Progress as Bar, Button } from '@mantine/core'
import { textOf } from '../../api/problem.ts'
import { FormError } from '../../shared/form-error.tsx'
import { count, formatNumber } from '../../shared/plural.ts'
import classes from './import.module.css'
import type { Progress } from './importer.ts'
import type { ImportJob } from './use-import.ts'

/** How far it is; it can be stopped, and goes on where it was. */
export function Running({
  job,
  progress,
  verb,
}: {
  job: ImportJob
  progress: Progress
  verb: 'Checking' | 'Importing'
}) {
  const { state, done, total, error } = progress
  const goes = state === 'running' || state === 'waiting'
  return (
    <>
      <h2>{goes ? `${verb} ${count(total, 'line')}` : 'Stopped'}</h2>
      <Bar.Root size={12} radius="md">
        <Bar.Section value={total === 0 ? 100 : (done / total) * 100} aria-label={`${verb}: done`} />
      </Bar.Root>
      <p className={classes.note} role="status">
        {formatNumber(done)} of {formatNumber(total)}
        {verb === 'Importing' && `, ${formatNumber(progress.created)} added`}
        {goes && verb === 'Importing' && '. Stay on this page until it is done.'}
      </p>
      {state === 'waiting' && (
        <p className={classes.waiting} role="status">
          {textOf(error)} It goes on by itself.
        </p>
      )}
      {state === 'failed' && <FormError text={textOf(error)} />}
      <div className={classes.buttons}>
        {goes ? (
          <Button variant="default" size="md" onClick={job.stop}>
            Stop
          </Button>
        ) : (
          <Button size="md" onClick={job.goOn}>
            Continue
          </Button>
        )}
        {!goes && (
          <Button variant="default" size="md" onClick={job.reset}>
            {verb === 'Importing' ? 'End it here' : 'Choose another file'}
          </Button>
        )}
      </div>
    </>
  )
}

/** Numbers that are larger than what they are of. */
export function Figures({ figures }: { figures: [what: string, value: number][] }) {
  return (
    <dl className={classes.figures}>
      {figures.map(([what, value]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{formatNumber(value)}</dd>
        </div>
      ))}
    </dl>
  )
}
