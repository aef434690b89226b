import { readConfig } from '#internal/config/read'
import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { startPlatform } from '#internal/platform/start'
import { type Lifecycle, run } from '#internal/runtime/run'
import { createLog } from '#internal/telemetry/log'
import { processSettings } from './config.ts'
import { startWorker } from './start.ts'

const config = readConfig(process.env, processSettings)
const logger = createLog({ service: 'belfry-worker', level: config.LOG_LEVEL })

async function start(lifecycle: Lifecycle): Promise<void> {
  const platform = await startPlatform(lifecycle, 'worker', config, logger)
  const pending = await pendingMigrations(platform.db, migrations)
  if (pending.length > 0) throw new Error(`The database lacks ${pending.join(', ')}: run the migrations first.`)
  startWorker(lifecycle, platform, config)
  lifecycle.onStop('readiness', () => platform.readiness.fail())
  logger.info('the worker runs')
}

process.exitCode = await run({ log: logger, deadlineMs: 30_000 }, start)
