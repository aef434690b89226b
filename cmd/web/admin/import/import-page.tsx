import { Button } from '@mantine/core'
import { Link } from 'wouter'
import { FormError } from '../../shared/form-error.tsx'
import { Loading } from '../../shared/notices.tsx'
import { Page } from '../../shared/panes.tsx'
import { count } from '../../shared/plural.ts'
import { BadLines } from './bad-lines.tsx'
import { ChooseFile } from './choose-file.tsx'
import classes from './import.module.css'
import { Figures, Running } from './running.tsx'
import { type ImportJob, useImport } from './use-import.ts'

/** Recipients from a file: chosen, checked, imported. */
export default function ImportPage() {
  const job = useImport()
  return (
    <Page title="Import recipients" {...(job.name && { subtitle: job.name })} back="/recipients" narrow>
      <div className={classes.steps}>
        <FormError text={job.problem} />
        <Step job={job} />
      </div>
    </Page>
  )
}

function Step({ job }: { job: ImportJob }) {
  const { name, problem, file, check, made, bad } = job
  if (name === undefined || problem) return <ChooseFile onChoose={job.choose} />
  if (!file || !check) return <Loading what="Reading the file" />
  if (check.state !== 'done') return <Running job={job} progress={check} verb="Checking" />
  if (!made) return <Preview job={job} />
  if (made.state !== 'done') return <Running job={job} progress={made} verb="Importing" />
  return (
    <>
      <h2>{made.created === 0 ? 'Nothing was new' : `${count(made.created, 'recipient')} added`}</h2>
      <Figures
        figures={[
          ['added', made.created],
          ['there already', made.duplicates],
          ['left out', bad.length + made.bad.length],
        ]}
      />
      <BadLines bad={[...bad, ...made.bad]} file={name} />
      <div className={classes.buttons}>
        <Button component={Link} href="/recipients" size="md">
          To the recipients
        </Button>
        <Button variant="default" size="md" onClick={job.reset}>
          Import another file
        </Button>
      </div>
    </>
  )
}

function Preview({ job: { name, file, check, bad, begin, reset } }: { job: ImportJob }) {
  const fresh = check!.created
  return (
    <>
      <h2>What is in the file</h2>
      <Figures
        figures={[
          ['new', fresh],
          ['there already', check!.duplicates],
          ['bad', bad.length],
        ]}
      />
      {file!.ignored.length > 0 && (
        <p className={classes.note}>Columns that are not used: {file!.ignored.join(', ')}.</p>
      )}
      <BadLines bad={bad} file={name!} />
      <div className={classes.buttons}>
        {fresh > 0 && (
          <Button size="md" onClick={begin}>
            Add {count(fresh, 'recipient')}
            {bad.length > 0 && `, leave out ${count(bad.length, 'bad line')}`}
          </Button>
        )}
        <Button variant="default" size="md" onClick={reset}>
          Choose another file
        </Button>
      </div>
      {fresh === 0 && <p className={classes.note}>Nothing in it can be added.</p>}
    </>
  )
}
