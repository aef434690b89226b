import type { IncomingMessage } from 'node:http'
import type { RouterContext } from '@koa/router'
import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import { clientAddress } from './address.ts'
import { type AuthenticateDeps, authenticate, authorize } from './authenticate.ts'
import { hasBody, parseJson, readBody } from './body.ts'
import { type CountDeps, countRequest } from './count.ts'
import { checkKey, idempotently } from './idempotency.ts'
import type { Principal } from './principal.ts'
import { type Answer, type Call, looksAtCredentials, type Route } from './route.ts'
import { withUpload } from './upload.ts'
import { parse, parseParams, parseQuery } from './validate.ts'

export interface DispatchDeps extends AuthenticateDeps, CountDeps {}

const noBytes = Buffer.alloc(0)

/** Takes a request through its route: credentials, parameters, body, handler. Cheap refusals come before the body is read. */
export async function dispatch(deps: DispatchDeps, route: Route, ctx: RouterContext): Promise<Answer> {
  const { req: request, querystring } = ctx
  const sender = await senderOf(deps, route, ctx)
  const giveBack = await countRequest(deps, ctx, sender)
  const principal = looksAtCredentials(route) ? sender : undefined
  if (principal) authorize(route, principal)
  const parsedParams = parseParams(route.params, ctx.params)
  const query = parseQuery(route.query, querystring)
  const raw = route.body && hasBody(request) ? await readBody(request) : noBytes
  const call: Call<unknown, unknown, unknown> = {
    params: parsedParams,
    query,
    body: route.body && parseBody(route.body, raw),
    upload: undefined,
    principal,
    db: deps.db,
    request: {
      id: ctx.state.requestId,
      address: clientAddress(request, deps.trustedProxies),
      userAgent: request.headers['user-agent'],
      method: ctx.method,
      ifNoneMatch: request.headers['if-none-match'],
      onGone: (listener) => void ctx.res.once('close', listener),
    },
  }
  const work = (upload: unknown, bytes: Buffer) => {
    const handle = (db: Db) => route.handler({ ...call, upload, db })
    const key = idempotencyKey(route, request)
    if (key === undefined || principal?.kind !== 'account')
      return handle(deps.db).catch(async (error) => {
        if (isProblem(error, refusedLogin)) await giveBack()
        throw error
      })
    const once = {
      accountId: principal.account.id,
      key,
      method: 'POST',
      path: ctx.url,
      raw: bytes,
      now: deps.clock.now(),
    }
    return idempotently(deps.db, once, handle)
  }
  return route.upload ? withUpload(route.upload, request, call, work) : work(undefined, raw)
}

/** @throws 401, which is counted by address. */
async function senderOf(deps: DispatchDeps, route: Route, ctx: RouterContext): Promise<Principal | undefined> {
  const { authorization } = ctx.req.headers
  if (route.access === 'public' && authorization === undefined) return undefined
  try {
    return await authenticate(deps, authorization)
  } catch (error) {
    // Then it is nobody's request: it counts for the address, and is answered all the same.
    if (!looksAtCredentials(route)) return undefined
    if (isProblem(error, ['unauthenticated'])) await countRequest(deps, ctx, undefined)
    throw error
  }
}

/** A login that was refused counts as that, and as nothing else. */
const refusedLogin = ['invalid_credentials', 'totp_required', 'too_many_failed_logins']

const isProblem = (error: unknown, codes: string[]) => error instanceof Problem && codes.includes(error.code)

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
