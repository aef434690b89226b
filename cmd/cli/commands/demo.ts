import type { Command } from 'commander'
import { systemClock } from '#internal/runtime/clock'
import { newSecret } from '#internal/runtime/ids'
import { withDatabase } from '../database.ts'
import { fillDemo } from '../demo/fill.ts'
import { print } from '../io/output.ts'
import { examples } from '../options.ts'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('fill in a sample organisation: people, topics, messages, volunteers, alerts')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('belfry demo'))
    .action(async ({ json }: { json?: true }) => {
      // Made up each time: the sample may end up on a machine that others reach.
      const password = newSecret().slice(0, 12)
      await withDatabase(process.env, { name: 'cli' }, async (db) => {
        const made = await fillDemo(db, password, systemClock.now())
        if (json) return print(JSON.stringify({ ...made, password }))
        await print(
          [
            `Made ${made.accounts.length} accounts, ${made.conversations} conversations with ${made.messages} messages,`,
            `${made.objects} objects and ${made.alerts} alerts.`,
          ].join(' '),
        )
        await print(`Log in as any of ${made.accounts.join(', ')} with the password ${password}`)
      })
    })
}
