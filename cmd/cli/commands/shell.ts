import path from 'node:path'
import type { Command } from 'commander'
import { withDatabase } from '../database.ts'
import { say } from '../io/output.ts'
import { userDirectory } from '../io/paths.ts'
import { examples } from '../options.ts'
import { runLines, runPrompt } from '../shell/repl.ts'
import { shellServices } from '../shell/services.ts'

export function addShell(program: Command): void {
  program
    .command('shell')
    .description('a JavaScript prompt with the database and the services at hand')
    .addHelpText('after', examples('belfry shell', `echo 'await accounts.find("ada")' | belfry shell`))
    .action(() =>
      withDatabase(process.env, { name: 'shell', max: 4 }, async (db) => {
        const services = shellServices(db, process.env)
        if (process.stdin.isTTY) {
          say('Belfry. `help` lists what is there, await works everywhere, Ctrl-D ends.')
          await runPrompt(services, path.join(userDirectory(process.env), 'shell-history'))
        } else process.exitCode = await runLines(services)
      }),
    )
}
