import { meRoutes } from './accounts/me-routes.ts'
import { accountRoutes } from './accounts/routes.ts'
import { sessionRoutes } from './accounts/session-routes.ts'
import { alertRoutes } from './alerts/routes.ts'
import { classicRoutes } from './classic.ts'
import type { ApiDeps } from './deps.ts'
import { documentRoutes } from './documents/routes.ts'
import type { Route } from './http/route.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { objectRoutes } from './objects/routes.ts'
import { statusRoutes } from './statuses/routes.ts'

/** Every route of the API, in the order of the documentation. */
export function allRoutes(deps: ApiDeps): Route[] {
  const routes = [
    ...accountRoutes(deps),
    ...meRoutes(deps),
    ...sessionRoutes(deps),
    ...statusRoutes(deps),
    ...objectRoutes(deps),
    ...alertRoutes(deps),
    ...inboxRoutes(deps),
    ...classicRoutes(deps),
  ]
  return [...routes, ...documentRoutes(routes)]
}
