import Router from '@koa/router'
import Koa from 'koa'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { type DispatchDeps, dispatch } from './http/dispatch.ts'
import type { Route } from './http/route.ts'
import { observe } from './middleware/observe.ts'
import { otherMethods, validPath } from './middleware/paths.ts'
import { problems } from './middleware/problems.ts'
import { requestId } from './middleware/request-id.ts'
import { send } from './middleware/respond.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { countStrays } from './middleware/strays.ts'
import { serveWeb } from './web/serve.ts'

export interface AppDeps extends DispatchDeps {
  routes: readonly Route[]
  logger: Logger
  metrics: Metrics
  /** Called after each request that may have written. */
  onWrite: () => void
  /** Where the user interface was built; it need not be there. */
  webDirectory: string
}

/** The Koa application: what is the same for every request, then the route. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa()
  app.on('error', (error) => deps.logger.debug({ error }, 'connection error'))
  app.use(requestId)
  app.use(securityHeaders)
  app.use(observe(deps))
  app.use(problems(deps.logger))
  app.use(countStrays(deps))
  app.use(validPath)
  app.use(createRouter(deps).routes())
  app.use(serveWeb(deps.webDirectory))
  app.use(otherMethods)
  return app
}

function createRouter(deps: AppDeps): Router {
  const router = new Router({ strict: true, sensitive: true })
  for (const route of fixedFirst(deps.routes))
    router[route.method](route.path, async (ctx) => {
      ctx.state.route = route
      send(ctx, await dispatch(deps, route, ctx), route.media)
      if (route.method !== 'get') deps.onWrite()
    })
  return router
}

/** `/sessions/current` before `/sessions/:id`: the router takes the first that fits. */
export function fixedFirst(routes: readonly Route[]): Route[] {
  const key = (route: Route) => route.path.replaceAll(':', '~')
  return routes.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
