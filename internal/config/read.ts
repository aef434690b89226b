import { type SettingName, type SettingValue, settings } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const prefix = 'BELFRY_'

/** Thrown with every problem at once, one line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((p) => `  ${p}`).join('\n')}`)
    this.problems = problems
  }
}

/**
 * Reads the named settings from `env`. Pure. Returns a frozen object keyed by setting name.
 * @throws ConfigError with the full list of problems, unknown BELFRY_* names among them.
 */
export function readConfig<K extends SettingName>(
  env: Environment,
  names: readonly K[],
): Readonly<{ [N in K]: SettingValue<N> }> {
  const problems = unknownNames(env)
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const variable = prefix + name
    const result = settings[name].schema.safeParse(env[variable])
    if (result.success) values[name] = result.data
    else if (env[variable] === undefined) problems.push(`${variable} is not set: ${settings[name].help}`)
    else problems.push(`${variable} ${result.error.issues[0]?.message ?? 'is not valid'}.`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(values) as Readonly<{ [N in K]: SettingValue<N> }>
}

function unknownNames(env: Environment): string[] {
  const known = new Set(Object.keys(settings).map((name) => prefix + name))
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && !known.has(name))
    .map((name) => `${name} is not a setting of Belfry.`)
}

/** `NAME=value` lines for people to read; secrets show only that they are set. */
export function describeConfig(config: Readonly<Partial<Record<SettingName, unknown>>>): string[] {
  return Object.entries(config).map(([name, value]) => {
    const { secret } = settings[name as SettingName] as { secret?: boolean }
    return `${prefix}${name}=${secret && value !== undefined ? '********' : (value ?? '')}`
  })
}
