import path from 'node:path'
import { apiSettings } from '#cmd/api/config'
import { pushSettings } from '#cmd/push/config'
import { schedulerSettings } from '#cmd/scheduler/config'
import { workerSettings } from '#cmd/worker/config'
import { type Environment, readConfig } from '#internal/config/read'
import { logSettings } from '#internal/platform/log'
import { platformSettings } from '#internal/platform/start'

// Made by this process unless they are set.
const made = ['DATABASE_URL', 'JWT_SECRET'] as const
type Made = (typeof made)[number]

const names = [
  ...platformSettings,
  ...logSettings,
  ...apiSettings,
  ...pushSettings,
  'PORT',
  'DATA_DIR',
  ...schedulerSettings,
  ...workerSettings,
] as const
type Name = Exclude<(typeof names)[number], Made>

/** What suits one process on somebody's own machine better than the defaults for a cluster. */
const localDefaults = {
  // The terminal stays readable.
  BELFRY_LOG_LEVEL: 'warn',
  BELFRY_DRAIN_SECONDS: '1',
  // Nobody else's business on a laptop.
  BELFRY_INTERNAL_HOST: '127.0.0.1',
  BELFRY_PASSWORD_MIN_LENGTH: '3',
  // One's own programs are no strangers; failed logins are still counted.
  BELFRY_RATE_LIMIT_PER_MINUTE: '600000',
  BELFRY_RATE_LIMIT_ADDRESS_PER_MINUTE: '600000',
  BELFRY_REGISTRATIONS_PER_HOUR: '0',
  // All roles share this pool.
  BELFRY_DATABASE_POOL: '20',
}

/**
 * The settings of all roles, with DATABASE_URL and JWT_SECRET as far as they are set.
 * @throws ConfigError
 */
export function readAllConfig(env: Environment) {
  const merged: Record<string, string | undefined> = { ...localDefaults, ...env }
  const given = made.filter((name) => merged[`BELFRY_${name}`] !== undefined)
  const wanted = names.filter((name) => !made.includes(name as Made) || given.includes(name as Made))
  return readConfig(merged, wanted as Name[]) as ReturnType<typeof readConfig<Name>> & {
    readonly DATABASE_URL?: string
    readonly JWT_SECRET?: string
  }
}

export type AllConfig = ReturnType<typeof readAllConfig>

/** Absolute. `chosen` says that the user named it, so that nothing else will do. */
export function dataDirectory(config: AllConfig, env: Environment): { directory: string; chosen: boolean } {
  return { directory: path.resolve(config.DATA_DIR), chosen: env.BELFRY_DATA_DIR !== undefined }
}
