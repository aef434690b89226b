import { classicAccountRoutes } from './classic/accounts.ts'
import { classicAlertRoutes } from './classic/alerts.ts'
import { classicFeedRoutes } from './classic/feed.ts'
import { classicMessageRoutes } from './classic/messages.ts'
import { classicStatusRoutes } from './classic/status.ts'
import type { ApiDeps } from './deps.ts'
import type { Route } from './http/route.ts'

/** The seeds' own endpoints: each maps onto the services behind /api/v1, and each `curl` line of the seeds works as printed. */
export function classicRoutes(deps: ApiDeps): Route[] {
  return [
    ...classicStatusRoutes(deps),
    ...classicAccountRoutes(deps),
    ...classicMessageRoutes(deps),
    ...classicAlertRoutes(deps),
    ...classicFeedRoutes(deps),
  ]
}
