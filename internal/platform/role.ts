import { readConfig } from '#internal/config/read'
import type { SettingName, SettingValue } from '#internal/config/settings'
import type { Lifecycle } from '#internal/runtime/run'
import { createLog } from '#internal/telemetry/log'
import { plainly } from './explain.ts'
import { runProcess } from './process.ts'
import { requireSchema } from './schema.ts'
import { type Platform, type PlatformConfig, platformSettings, startPlatform } from './start.ts'

type Config<K extends SettingName> = PlatformConfig & { readonly [N in K]: SettingValue<N> }

export interface Role<K extends SettingName> {
  name: string
  /** What it reads besides what every process reads. */
  settings: readonly K[]
  /** Seconds that stopping may take, beyond SHUTDOWN_DELAY_SECONDS. */
  stopSeconds: (config: Config<K>) => number
  start: (lifecycle: Lifecycle, platform: Platform, config: Config<K>) => Promise<unknown>
}

/**
 * Runs one role as a process of its own: configuration, platform, a schema that is up to date, then the role, until SIGTERM. What a
 * person can mend is told in one plain line.
 */
export async function runRole<K extends SettingName>({ name, settings, stopSeconds, start }: Role<K>): Promise<void> {
  const config = plainly(() => readConfig(process.env, [...platformSettings, ...settings]) as unknown as Config<K>)
  const logger = createLog({ service: `belfry-${name}`, level: config.LOG_LEVEL })
  const deadlineMs = (config.SHUTDOWN_DELAY_SECONDS + stopSeconds(config)) * 1000
  await runProcess(logger, deadlineMs, async (lifecycle) => {
    const platform = await startPlatform(lifecycle, name, config, logger)
    await requireSchema(platform.db)
    await start(lifecycle, platform, config)
    platform.readiness.started()
    logger.info(`${name} is ready`)
  })
}
