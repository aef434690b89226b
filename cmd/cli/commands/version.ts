import type { Command } from 'commander'
import { migrations } from '#internal/db/migrations/index'
import { packageVersion } from '#internal/runtime/package'
import { print } from '../io/output.ts'
import { examples } from '../options.ts'

export function addVersion(program: Command): void {
  program
    .command('version')
    .description('print the versions of Belfry, of its schema and of Node')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples('belfry version', 'belfry version --json'))
    .action(({ json }: { json?: true }) => {
      const [version, schema, { node }] = [packageVersion(), migrations.at(-1)!.name, process.versions]
      return print(
        json ? JSON.stringify({ version, schema, node }) : `Belfry ${version}, schema ${schema}, Node ${node}`,
      )
    })
}
