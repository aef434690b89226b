import { runRole } from '#internal/platform/role'
import { pushSettings } from './config.ts'
import { startPush } from './start.ts'

await runRole({
  name: 'push',
  settings: pushSettings,
  stopSeconds: (config) => config.DRAIN_SECONDS + 15,
  start: startPush,
})
