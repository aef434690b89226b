import { explain } from '#internal/platform/explain'
import { commands } from './commands/index.ts'

// `belfry <command>`: does one thing and exits, with 1 when it failed.
const [name = '', ...args] = process.argv.slice(2)
const command = commands.get(name)
if (!command) {
  process.stderr.write(`${name ? `There is no command "${name}". ` : ''}Commands:\n`)
  for (const [each, { help }] of commands) process.stderr.write(`  ${each.padEnd(10)} ${help}\n`)
  process.exit(1)
}
try {
  await command.run(process.env, args)
} catch (error) {
  process.stderr.write(`${explain(error) ?? (error as Error).stack}\n`)
  process.exitCode = 1
}
