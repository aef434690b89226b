import { randomUUID } from 'node:crypto'
import type { Middleware } from 'koa'

/** Every request has an id: the caller's X-Request-Id if it is a sensible one, else a new one. It is returned and logged. */
export const requestId: Middleware = (ctx, next) => {
  const sent = ctx.get('x-request-id')
  ctx.state.requestId = /^[A-Za-z0-9._-]{1,128}$/.test(sent) ? sent : randomUUID()
  ctx.set('X-Request-Id', ctx.state.requestId)
  return next()
}
