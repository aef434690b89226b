import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { download } from '../../shared/download.ts'
import { count } from '../../shared/plural.ts'
import classes from './import.module.css'
import type { BadLine } from './read-csv.ts'
import { badLinesCsv } from './report.ts'

const shown = 20

/** Which lines are left out and why; all of them as a file. */
export function BadLines({ bad, file }: { bad: BadLine[]; file: string }) {
  if (bad.length === 0) return null
  return (
    <section className={classes.bad} aria-label="Bad lines">
      <ul>
        {bad.slice(0, shown).map(({ line, problem }) => (
          <li key={line}>
            <strong>Line {line}</strong> {problem}
          </li>
        ))}
      </ul>
      {bad.length > shown && <p>and {count(bad.length - shown, 'more', 'more')}</p>}
      <Button
        variant="default"
        size="md"
        leftSection={<IconDownload size={18} />}
        onClick={() => download(`${file.replace(/\.\w+$/, '')}-bad-lines.csv`, badLinesCsv(bad), 'text/csv')}
      >
        Download the list
      </Button>
    </section>
  )
}
