import { runRole } from '#internal/platform/role'
import { sleep } from '#internal/runtime/backoff'
import { apiSettings } from './config.ts'
import { serve } from './http/serve.ts'
import { startApi } from './start.ts'

await runRole({
  name: 'api',
  settings: [...apiSettings, 'PORT'],
  stopSeconds: () => 30,
  async start(lifecycle, platform, config) {
    const api = startApi(platform, config)
    const server = await serve(api.callback, config.PORT, config.HOST)
    lifecycle.onStop('listener', async () => {
      platform.readiness.fail()
      server.leave()
      await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000)
      api.stopWaiting()
      await server.close()
    })
  },
})
