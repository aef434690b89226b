import { runRole } from '#internal/platform/role'
import { workerSettings } from './config.ts'
import { startWorker } from './start.ts'

await runRole({
  name: 'worker',
  settings: workerSettings,
  stopSeconds: () => 30,
  async start(lifecycle, platform, config) {
    startWorker(lifecycle, platform, config)
    lifecycle.onStop('readiness', () => platform.readiness.fail())
  },
})
