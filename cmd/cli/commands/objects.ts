import type { Command } from 'commander'
import type { AlertObject } from '#internal/alerts/object'
import { importObjects } from '#internal/alerts/object-import'
import { listObjects } from '#internal/alerts/object-store'
import { objectView } from '#internal/alerts/views'
import { readConfig } from '#internal/config/read'
import type { Db } from '#internal/db/pool'
import { systemClock } from '#internal/runtime/clock'
import { withDatabase } from '../database.ts'
import { print, printRows, say } from '../io/output.ts'
import { fromUser } from '../io/paths.ts'
import { readContacts } from '../object-file.ts'
import { examples } from '../options.ts'

const pageSize = 1000

const columns = [
  { title: 'ID', width: 8, cell: ({ id }: AlertObject) => String(id) },
  { title: 'EMAIL', width: 32, cell: ({ email }: AlertObject) => email },
  { title: 'PHONE', width: 16, cell: ({ phone_e164 }: AlertObject) => phone_e164 },
  { title: 'CREATED', width: 24, cell: ({ created_at }: AlertObject) => created_at.toISOString() },
]

export function addObjects(program: Command): void {
  const objects = program.command('objects').description('import and list objects, the recipients of alerts')

  objects
    .command('import')
    .description('make objects of the rows of a CSV file; those that are there already are skipped')
    .argument('<file>', 'CSV file with a header that names email and phone_number, or - for standard input')
    .option('--skip-bad', 'leave bad rows out; without it, one bad row keeps all out')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      examples(
        'belfry objects import people.csv',
        'psql -c "copy (...) to stdout csv header" | belfry objects import -',
      ),
    )
    .action(importFile)

  objects
    .command('list')
    .description('list all objects in the order of ids')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples('belfry objects list', 'belfry objects list --json | jq .email'))
    .action(({ json }: { json?: true }) =>
      withDatabase(process.env, { name: 'cli' }, (db) =>
        printRows(allObjects(db), { columns, json, view: objectView }),
      ),
    )
}

async function importFile(file: string, { skipBad = false, json }: { skipBad?: boolean; json?: true }): Promise<void> {
  const { PHONE_COUNTRY: country } = readConfig(process.env, ['PHONE_COUNTRY'])
  let bad = 0
  const batches = readContacts({
    file: file === '-' ? file : fromUser(file, process.env),
    country,
    skipBad,
    onBad(line, problem) {
      bad++
      say(`line ${line}: ${problem}`)
    },
    onIgnored: (names) => say(`Columns that are not used: ${names.join(', ')}.`),
  })
  const { created, duplicates } = await withDatabase(process.env, { name: 'cli-import' }, (db) =>
    importObjects(db, batches, systemClock),
  )
  if (json) await print(JSON.stringify({ created, duplicates, bad }))
  else await print(`Made ${created} objects; ${duplicates} were there already; ${bad} rows were bad.`)
}

async function* allObjects(db: Db): AsyncGenerator<AlertObject> {
  for (let after = 0; ; ) {
    const rows = await listObjects(db, { after, limit: pageSize })
    yield* rows
    if (rows.length < pageSize) return
    after = rows.at(-1)!.id
  }
}
