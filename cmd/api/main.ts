import { readConfig } from '#internal/config/read'
import { pendingMigrations } from '#internal/db/migrate'
import { migrations } from '#internal/db/migrations/index'
import { startPlatform } from '#internal/platform/start'
import { sleep } from '#internal/runtime/backoff'
import { type Lifecycle, run } from '#internal/runtime/run'
import { createLog } from '#internal/telemetry/log'
import { processSettings } from './config.ts'
import { serve } from './http/serve.ts'
import { startApi } from './start.ts'

const config = readConfig(process.env, processSettings)
const logger = createLog({ service: 'belfry-api', level: config.LOG_LEVEL })

async function start(lifecycle: Lifecycle): Promise<void> {
  const platform = await startPlatform(lifecycle, 'api', config, logger)
  const pending = await pendingMigrations(platform.db, migrations)
  if (pending.length > 0) throw new Error(`The database lacks ${pending.join(', ')}: run the migrations first.`)
  const api = startApi(platform, config)
  const server = await serve(api.callback, config.PORT, config.HOST)
  lifecycle.onStop('listener', async () => {
    platform.readiness.fail()
    await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000)
    await server.close()
  })
  logger.info({ port: server.port }, 'the API listens')
}

process.exitCode = await run({ log: logger, deadlineMs: (config.SHUTDOWN_DELAY_SECONDS + 30) * 1000 }, start)
