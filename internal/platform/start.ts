import type { Knex } from 'knex'
import type { SettingName, SettingValue } from '#internal/config/settings'
import { answers, createPool, poolState } from '#internal/db/pool'
import type { Lifecycle } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import { type Base, baseSettings, startBase } from './base.ts'

/** Settings that every long-running process with PostgreSQL reads. */
export const platformSettings = [
  ...baseSettings,
  'DATABASE_URL',
  'DATABASE_POOL',
  'HOST',
  'SHUTDOWN_DELAY_SECONDS',
] as const satisfies SettingName[]

export type PlatformConfig = { readonly [N in (typeof platformSettings)[number]]: SettingValue<N> }

/** What every role is given. */
export interface Platform extends Base {
  db: Knex
  /** Longest rest of what polls PostgreSQL for the work of other processes, milliseconds. */
  pollMs: number
}

/** Brings up the base and the pool. The process is ready when, besides, PostgreSQL answers. */
export async function startPlatform(
  lifecycle: Lifecycle,
  role: string,
  config: PlatformConfig,
  logger: Logger,
  pollMs = 15,
): Promise<Platform> {
  const base = await startBase(lifecycle, role, config, logger)
  const db = createPool({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: role })
  lifecycle.onStop('database pool', () => db.destroy())
  base.readiness.add('postgresql', () => answers(db))
  base.metrics.watchPool(() => poolState(db))
  return { ...base, db, pollMs }
}
