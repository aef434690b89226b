import type { IncomingMessage } from 'node:http'
import type { RouterContext } from '@koa/router'
import { Problem } from '#internal/runtime/problem'
import { clientAddress } from './address.ts'
import { type AuthenticateDeps, authenticate, authorize } from './authenticate.ts'
import { hasBody, parseJson, readBody } from './body.ts'
import { checkKey, idempotently } from './idempotency.ts'
import type { Principal } from './principal.ts'
import type { Answer, Call, Route } from './route.ts'
import { parse, parseParams, parseQuery } from './validate.ts'

export interface DispatchDeps extends AuthenticateDeps {
  trustedProxies: number
}

const noBytes = Buffer.alloc(0)

/** Takes a request through its route: credentials, parameters, body, handler. Cheap refusals come before the body is read. */
export async function dispatch(deps: DispatchDeps, route: Route, ctx: RouterContext): Promise<Answer> {
  const { req: request, querystring } = ctx
  const principal = await principalFor(deps, route, request.headers.authorization)
  const parsedParams = parseParams(route.params, ctx.params)
  const query = parseQuery(route.query, querystring)
  const raw = route.body && hasBody(request) ? await readBody(request) : noBytes
  const call: Call<unknown, unknown, unknown> = {
    params: parsedParams,
    query,
    body: route.body && parseBody(route.body, raw),
    principal,
    db: deps.db,
    request: {
      id: ctx.state.requestId,
      address: clientAddress(request, deps.trustedProxies),
      userAgent: request.headers['user-agent'],
    },
  }
  const key = idempotencyKey(route, request)
  if (key === undefined || principal?.kind !== 'account') return route.handler(call)
  const once = { accountId: principal.account.id, key, method: 'POST', path: ctx.url, raw, now: deps.clock.now() }
  return idempotently(deps.db, once, (trx) => route.handler({ ...call, db: trx }))
}

async function principalFor(
  deps: DispatchDeps,
  route: Route,
  authorization: string | undefined,
): Promise<Principal | undefined> {
  if (route.access === 'public' && (route.credentials !== 'optional' || authorization === undefined)) return undefined
  const principal = await authenticate(deps, authorization)
  authorize(route.access, principal)
  return principal
}

function parseBody(schema: NonNullable<Route['body']>, raw: Buffer): unknown {
  if (raw.length > 0) return parse(schema, parseJson(raw))
  const empty = schema.safeParse(undefined)
  if (empty.success) return empty.data
  throw new Problem('malformed', 'body_missing', 'A JSON body is needed.')
}

function idempotencyKey(route: Route, request: IncomingMessage): string | undefined {
  if (route.method !== 'post' || route.secret) return undefined
  const header = request.headers['idempotency-key']
  return header === undefined ? undefined : checkKey(String(header))
}
