import type { Middleware } from 'koa'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import { webRoute } from '../web/serve.ts'

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Probes and the files of the user interface: they do not count for what availability is measured by. */
const uncounted = new Set(['/ping', webRoute])

/** One span, one observation and one log line per request, named by the route that matched and never by the path. */
export function observe({ logger, metrics }: { logger: Logger; metrics: Metrics }): Middleware {
  return async (ctx, next) => {
    const started = performance.now()
    const method = knownMethods.has(ctx.method) ? ctx.method : '_OTHER'
    await withSpan(method, { kind: SpanKind.SERVER, traceparent: ctx.get('traceparent') }, async (span) => {
      await next()
      span.updateName(`${method} ${routeOf(ctx.state)}`)
      span.setAttribute('http.response.status_code', ctx.status)
    })
    const route = routeOf(ctx.state)
    const ms = performance.now() - started
    metrics.httpDuration.labels(route, method, String(ctx.status)).observe(ms / 1000)
    if (!uncounted.has(route)) metrics.apiRequests.inc({ outcome: ctx.status < 500 ? 'success' : 'failure' })
    const line = { request_id: ctx.state.requestId, method, route, status: ctx.status, ms }
    logger[ctx.status < 400 ? 'debug' : 'info'](line, 'request')
  }
}

const routeOf = ({ route }: { route?: { path: string } }): string => route?.path ?? 'none'
