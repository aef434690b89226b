import { type Command, Option } from 'commander'
import { readConfig } from '#internal/config/read'
import { migrate } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { createPool } from '#internal/db/pool'
import { logSettings, prepareLog } from '#internal/platform/log'
import { packageRoot } from '#internal/runtime/package'
import { silentLog } from '#internal/telemetry/log'
import { databaseUrl } from '../database.ts'
import { print, say } from '../io/output.ts'
import { makeMigration } from '../migration-file.ts'
import { examples, wholeNumber } from '../options.ts'
import { waitForSchema } from '../wait-for-schema.ts'

export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the schema of the database up to date, and with BELFRY_LOG=kafka the topics')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples('belfry migrate', 'belfry migrate new shoe-sizes'))
    .action(async ({ json }: { json?: true }) => {
      const config = readConfig(process.env, logSettings)
      const url = await databaseUrl(process.env)
      const db = createPool({ url, max: 1, name: 'migrate' })
      try {
        const applied = await migrate(db, url, migrations)
        const { created, problems } = await prepareLog(db, config, silentLog)
        if (json) return await print(JSON.stringify({ applied, topics: created, problems }))
        await print(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The schema is up to date.')
        if (created.length > 0) await print(`Made the topics ${created.join(', ')}.`)
        for (const problem of problems) await print(`Kafka: ${problem}.`)
      } finally {
        await db.destroy()
      }
    })
  command
    .command('wait')
    .description('wait until the schema is up to date, which another process sees to')
    .addOption(new Option('--timeout <seconds>', 'how long to wait').argParser(wholeNumber(1, 86_400)).default(600))
    .addHelpText('after', examples('belfry migrate wait', 'belfry migrate wait --timeout 60'))
    .action(async ({ timeout }: { timeout: number }) => {
      await waitForSchema({ url: await databaseUrl(process.env), timeoutMs: timeout * 1000, onWait: say })
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
