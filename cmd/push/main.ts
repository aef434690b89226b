import { logSettings, startLog } from '#internal/platform/log'
import { runRole } from '#internal/platform/role'
import { pushSettings } from './config.ts'
import { startPush } from './start.ts'

await runRole({
  name: 'push',
  settings: [...pushSettings, ...logSettings],
  stopSeconds: (config) => config.DRAIN_SECONDS + 15,
  async start(lifecycle, platform, config) {
    await startPush(lifecycle, await startLog(lifecycle, platform, config), config)
  },
})
