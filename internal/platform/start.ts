import type { Knex } from 'knex'
import type { SettingValue } from '#internal/config/settings'
import { answers, createPool } from '#internal/db/pool'
import { createReadiness, type Readiness, startInternalServer } from '#internal/health/server'
import type { Lifecycle } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import { createMetrics, type Metrics } from '#internal/telemetry/metrics'
import { startTracing } from '#internal/telemetry/sdk'

/** Settings that every long-running process reads. */
export const platformSettings = [
  'DATABASE_URL',
  'DATABASE_POOL',
  'HOST',
  'INTERNAL_PORT',
  'INTERNAL_HOST',
  'LOG_LEVEL',
  'OTLP_ENDPOINT',
  'TRACE_RATIO',
  'SHUTDOWN_DELAY_SECONDS',
] as const

export type PlatformConfig = { readonly [N in (typeof platformSettings)[number]]: SettingValue<N> }

/** What every role is given. */
export interface Platform {
  db: Knex
  logger: Logger
  metrics: Metrics
  readiness: Readiness
  /** Longest rest of what polls PostgreSQL for the work of other processes, milliseconds. */
  pollMs: number
}

/**
 * Brings up what every process has: tracing, metrics, health and the pool. The process is ready when it has been
 * said to have started, PostgreSQL answers and each role's own conditions hold.
 */
export async function startPlatform(
  lifecycle: Lifecycle,
  role: string,
  config: PlatformConfig,
  logger: Logger,
  pollMs = 15,
): Promise<Platform> {
  lifecycle.onStop(
    'tracing',
    await startTracing({
      service: `belfry-${role}`,
      endpoint: config.OTLP_ENDPOINT,
      ratio: config.TRACE_RATIO,
      log: logger,
    }),
  )
  const metrics = createMetrics(role)
  const readiness = createReadiness()
  const internal = await startInternalServer({
    host: config.INTERNAL_HOST,
    port: config.INTERNAL_PORT,
    registry: metrics.registry,
    readiness,
    log: logger,
  })
  lifecycle.onStop('internal server', internal.close)
  const db = createPool({ url: config.DATABASE_URL, max: config.DATABASE_POOL, name: role })
  lifecycle.onStop('database pool', () => db.destroy())
  readiness.add('postgresql', () => answers(db))
  return { db, logger, metrics, readiness, pollMs }
}
