import { describeConfig, readConfig } from '#internal/config/read'
import { type SettingName, settings } from '#internal/config/settings'
import type { Command } from './index.ts'

export const config: Command = {
  help: 'prints every setting as it is read, secrets masked',
  async run(env) {
    // Two have no default, and only some processes need them.
    const optional = new Set<SettingName>(['DATABASE_URL', 'JWT_SECRET'])
    const names = (Object.keys(settings) as SettingName[]).filter(
      (name) => !optional.has(name) || env[`BELFRY_${name}`] !== undefined,
    )
    for (const line of describeConfig(readConfig(env, names))) process.stdout.write(`${line}\n`)
  },
}
