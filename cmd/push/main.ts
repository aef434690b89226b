import { startPlatform } from '#internal/platform/start'
import { run } from '#internal/runtime/run'
import { createLog } from '#internal/telemetry/log'
import { readPushConfig } from './config.ts'
import { startPush } from './start.ts'

const config = readPushConfig(process.env)
const logger = createLog({ service: 'push', level: config.LOG_LEVEL })

process.exitCode = await run(
  { log: logger, deadlineMs: (config.DRAIN_SECONDS + config.SHUTDOWN_DELAY_SECONDS + 15) * 1000 },
  async (lifecycle) => {
    const platform = await startPlatform(lifecycle, 'push', config, logger)
    const { port } = await startPush(lifecycle, platform, config)
    logger.info({ port }, 'push is ready')
  },
)
