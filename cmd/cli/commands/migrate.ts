import { type Command, Option } from 'commander'
import { readConfig } from '#internal/config/read'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { logSettings, prepareLog, requireLog } from '#internal/platform/log'
import { requireSchema } from '#internal/platform/schema'
import { packageRoot } from '#internal/runtime/package'
import { patiently } from '#internal/runtime/patience'
import { silentLog } from '#internal/telemetry/log'
import { withConnection } from '../database.ts'
import { failureLine } from '../failure.ts'
import { print, say } from '../io/output.ts'
import { makeMigration } from '../migration-file.ts'
import { examples, wholeNumber } from '../options.ts'

const seconds = (flag: string, description: string, least: number, byDefault: number) =>
  new Option(`${flag} <seconds>`, description).argParser(wholeNumber(least, 86_400)).default(byDefault)
const connection = { name: 'migrate' }
const patience = (timeout: number) => ({
  timeoutMs: timeout * 1000,
  onWait: (error: unknown) => say(failureLine(error)),
})

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the schema of the database up to date, and with BELFRY_LOG=kafka the topics')
    .option('--json', 'print one JSON object')
    .addOption(seconds('--patience', 'how long to wait for PostgreSQL and Kafka', 0, 0))
    .addHelpText('after', examples('belfry migrate', 'belfry migrate --patience 300', 'belfry migrate new shoe-sizes'))
    .action(async (options: { json?: true; patience: number }) => {
      const config = readConfig(process.env, logSettings)
      const wait = patience(options.patience)
      await withConnection(process.env, connection, async (db, url) => {
        await patiently(async () => db.raw('select 1'), wait)
        const applied = await migrate(db, url, migrations)
        const { created, problems } = await patiently(() => prepareLog(db, config, silentLog), wait)
        if (options.json) return await print(JSON.stringify({ applied, topics: created, problems }))
        await print(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The schema is up to date.')
        if (created.length > 0) await print(`Made the topics ${created.join(', ')}.`)
        for (const problem of problems) await print(`Kafka: ${problem}.`)
      })
    })
  command
    .command('wait')
    .description('wait until another process has done it')
    .addOption(seconds('--timeout', 'how long to wait', 1, 600))
    .addHelpText('after', examples('belfry migrate wait', 'belfry migrate wait --timeout 60'))
    .action(async ({ timeout }: { timeout: number }) => {
      const config = readConfig(process.env, ['LOG'])
      await withConnection(process.env, connection, (db) =>
        patiently(() => requireSchema(db).then(() => requireLog(db, config)), patience(timeout)),
      )
      await print('The schema is up to date.')
    })
  command
    .command('new')
    .description('make the file of the next migration and list it; in a clone only')
    .argument('<name>', 'what it is about, in lower case: shoe-sizes')
    .addHelpText('after', examples('belfry migrate new shoe-sizes'))
    .action(async (name: string) => {
      const file = await makeMigration(packageRoot(), name)
      await print(`Made ${file} and listed it in index.ts. \`belfry migrate\` applies it.`)
    })
}
