import type { RequestListener } from 'node:http'
import path from 'node:path'
import type Koa from 'koa'
import { createHasher } from '#internal/accounts/hasher'
import { createJwts } from '#internal/accounts/jwt'
import { createLoginLimits } from '#internal/accounts/login-limits'
import { createTotpCodes } from '#internal/accounts/totp-codes'
import { findInboxTokens } from '#internal/alerts/inbox-tokens'
import { createStorage } from '#internal/attachments/storage'
import { attached } from '#internal/attachments/store'
import type { Platform } from '#internal/platform/start'
import { type Clock, systemClock } from '#internal/runtime/clock'
import { hashSecret } from '#internal/runtime/ids'
import { packageRoot } from '#internal/runtime/package'
import { createApp } from './app.ts'
import type { ApiConfig } from './config.ts'
import { Arrivals } from './events/arrivals.ts'
import { createLoaders, type FindInboxToken } from './http/authenticate.ts'
import { createRateLimits } from './http/rate-limits.ts'
import type { Route } from './http/route.ts'
import { allRoutes } from './routes.ts'

export interface Api {
  /** For a node:http server. */
  callback: RequestListener
  app: Koa
  routes: readonly Route[]
  /** Requests that wait for events are answered at once from now on. */
  stopWaiting: () => void
}

export interface ApiOptions {
  clock?: Clock
  /** Called after each successful request that may have written; wakes the relay where it runs in the same process. */
  onWrite?: () => void
  /** Where the user interface was built: `dist/web` if not given. */
  webDirectory?: string
}

/** Builds the API role. It listens to nothing: whoever calls hands `callback` to a server. */
export function startApi(
  { db, logger, metrics }: Pick<Platform, 'db' | 'logger' | 'metrics'>,
  config: ApiConfig,
  { clock = systemClock, onWrite = () => undefined, webDirectory = builtWeb() }: ApiOptions = {},
): Api {
  const jwts = createJwts({ secret: config.JWT_SECRET, clock })
  const limits = createLoginLimits({ db, failures: config.LOGIN_FAILURES })
  const codes = createTotpCodes({ secret: config.JWT_SECRET, clock })
  const rateLimits = createRateLimits(config)
  const arrivals = new Arrivals(db)
  const routes = allRoutes({
    arrivals,
    attached,
    storage: createStorage(config, logger),
    clock,
    config,
    hasher: createHasher(),
    limits,
    jwts,
    codes,
    rateLimits,
  })
  const trustedProxies = config.TRUSTED_PROXIES
  const app = createApp({
    db,
    clock,
    jwts,
    loaders: createLoaders(db, clock),
    rateLimits,
    findInboxToken,
    trustedProxies,
    routes,
    logger,
    metrics,
    onWrite,
    webDirectory,
  })
  return { callback: app.callback(), app, routes, stopWaiting: () => arrivals.close() }
}

const builtWeb = () => path.join(packageRoot(), 'dist/web')

const findInboxToken: FindInboxToken = async (db, token) => {
  const [found] = await findInboxTokens(db, [hashSecret(token)])
  return found && { objectId: found.object_id, tokenId: found.token_id }
}
