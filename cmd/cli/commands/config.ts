import type { Command } from 'commander'
import { describeConfig, readConfig } from '#internal/config/read'
import { type SettingName, settings } from '#internal/config/settings'
import { print } from '../io/output.ts'
import { examples } from '../options.ts'

export function addConfig(program: Command): void {
  program
    .command('config')
    .description('print every setting as it is read, secrets masked')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples('BELFRY_PORT=8081 belfry config', 'belfry config --json'))
    .action(async ({ json }: { json?: true }) => {
      const lines = describeConfig(readConfig(process.env, namesToShow(process.env)))
      if (!json) for (const line of lines) await print(line)
      // The same texts as without, so that a secret cannot slip through another door.
      else await print(JSON.stringify(Object.fromEntries(lines.map(pair))))
    })
}

/** What has no default only some processes need. */
function namesToShow(env: NodeJS.ProcessEnv): SettingName[] {
  return (Object.keys(settings) as SettingName[]).filter(
    (name) => env[`BELFRY_${name}`] !== undefined || settings[name].schema.safeParse(undefined).success,
  )
}

const pair = (line: string) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]
