import { logSettings, startLog } from '#internal/platform/log'
import { runRole } from '#internal/platform/role'
import { workerSettings } from './config.ts'
import { startWorker } from './start.ts'

await runRole({
  name: 'worker',
  settings: [...workerSettings, ...logSettings],
  stopSeconds: () => 30,
  async start(lifecycle, platform, config) {
    const withLog = await startLog(lifecycle, platform, config)
    // Nobody sends it requests: not ready tells who rolls out, or watches, that events do not reach Kafka.
    platform.readiness.add('kafka', withLog.isLogReachable)
    startWorker(lifecycle, withLog, config)
    lifecycle.onStop('readiness', () => platform.readiness.fail())
  },
})
