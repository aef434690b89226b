import type { Middleware } from 'koa'

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  // Nothing of the API is a page; the documentation page sets a policy of its own.
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}

/** On every answer, errors too. */
export const securityHeaders: Middleware = (ctx, next) => {
  ctx.set(headers)
  return next()
}
