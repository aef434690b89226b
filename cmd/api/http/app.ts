import { randomUUID } from 'node:crypto'
import Koa from 'koa'
import { Problem } from '#internal/runtime/problem'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import { answerError, problemAnswer } from '../errors.ts'
import { type DispatchDeps, dispatch } from './dispatch.ts'
import { send } from './respond.ts'
import type { Answer } from './route.ts'
import type { Found, OtherMethods, RouteTable } from './route-table.ts'

export interface AppDeps extends DispatchDeps {
  table: RouteTable
  logger: Logger
  metrics: Metrics
  /** Called after each request that may have written. */
  onWrite: () => void
}

/** The one Koa application: everything around a route that is the same for all of them. */
export function createApp(deps: AppDeps): Koa {
  const app = new Koa()
  app.on('error', (error) => deps.logger.debug({ error }, 'connection error'))
  app.use(async (ctx) => {
    const started = performance.now()
    const requestId = requestIdOf(ctx.req.headers['x-request-id'])
    const target = splitTarget(ctx.req.url ?? '/')
    const found = find(deps.table, ctx.method, target.path)
    const template = 'route' in found ? found.route.path : 'none'
    const span = { kind: SpanKind.SERVER, traceparent: header(ctx.req.headers.traceparent) }
    const answer = await withSpan(`${ctx.method} ${template}`, span, async (active) => {
      const made = await answerFor(deps, found, { request: ctx.req, ...target, requestId })
      active.setAttribute('http.response.status_code', made.status)
      return made
    })
    send(ctx, answer, requestId, 'route' in found ? found.route.media : undefined)
    const seconds = (performance.now() - started) / 1000
    const method = knownMethods.has(ctx.method) ? ctx.method : '_OTHER'
    deps.metrics.httpDuration.labels(template, method, String(answer.status)).observe(seconds)
    const line = {
      request_id: requestId,
      method: ctx.method,
      route: template,
      status: answer.status,
      ms: seconds * 1000,
    }
    deps.logger[answer.status < 400 ? 'debug' : 'info'](line, 'request')
  })
  return app
}

async function answerFor(
  deps: AppDeps,
  found: Found | { problem: unknown } | OtherMethods,
  incoming: Parameters<typeof dispatch>[2],
): Promise<Answer> {
  const { requestId, request } = incoming
  try {
    if ('allow' in found) return otherMethod(found.allow, request.method, requestId)
    if ('problem' in found) throw found.problem
    const answer = await dispatch(deps, found, incoming)
    if (found.route.method !== 'get') deps.onWrite()
    return answer
  } catch (error) {
    return answerError(error, requestId, deps.logger)
  }
}

function find(table: RouteTable, method: string, path: string): Found | OtherMethods | { problem: unknown } {
  try {
    const unknown = () => new Problem('not_found', 'not_found', 'There is nothing at this path.')
    return table.find(method, path) ?? { problem: unknown() }
  } catch (problem) {
    return { problem }
  }
}

function otherMethod(allow: string, method: string | undefined, requestId: string): Answer {
  if (method === 'OPTIONS') return { status: 204, headers: { allow } }
  const detail = `This path has ${allow}.`
  return problemAnswer({ status: 405, code: 'method_not_allowed', detail, headers: { allow } }, requestId)
}

/** Path and query as they came; an absolute-form target (from a proxy) loses its origin. */
function splitTarget(url: string): { path: string; search: string } {
  const target = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  return { path: path === '' ? '/' : path, search: mark === -1 ? '' : target.slice(mark + 1) }
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const header = (value: string | string[] | undefined) => (typeof value === 'string' ? value : undefined)

function requestIdOf(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(sent) ? sent : randomUUID()
}
