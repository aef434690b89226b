import type { SettingName, SettingValue } from '#internal/config/settings'
import { createReadiness, type Readiness, startInternalServer } from '#internal/health/server'
import type { Lifecycle } from '#internal/runtime/run'
import type { Logger } from '#internal/telemetry/log'
import { createMetrics, type Metrics } from '#internal/telemetry/metrics'
import { startTracing } from '#internal/telemetry/sdk'

/** Settings that every long-running process reads. */
export const baseSettings = [
  'INTERNAL_PORT',
  'INTERNAL_HOST',
  'LOG_LEVEL',
  'OTLP_ENDPOINT',
  'TRACE_RATIO',
] as const satisfies SettingName[]

export type BaseConfig = { readonly [N in (typeof baseSettings)[number]]: SettingValue<N> }

/** What every long-running process has, with PostgreSQL or without. */
export interface Base {
  logger: Logger
  metrics: Metrics
  readiness: Readiness
}

/** Brings up tracing, metrics and health. The process is ready when it has been said to have started and all conditions hold. */
export async function startBase(lifecycle: Lifecycle, role: string, config: BaseConfig, logger: Logger): Promise<Base> {
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
  return { logger, metrics, readiness }
}
