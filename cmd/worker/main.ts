import { runRole } from '#internal/platform/role'
import { startWorker } from './start.ts'

await runRole({
  name: 'worker',
  settings: [],
  stopSeconds: () => 30,
  async start(lifecycle, platform, config) {
    startWorker(lifecycle, platform, config)
    lifecycle.onStop('readiness', () => platform.readiness.fail())
  },
})
