import type { Context } from 'koa'
import { Problem } from '#internal/runtime/problem'
import { clientAddress } from './address.ts'
import type { Principal } from './principal.ts'
import type { Counted, RateLimits } from './rate-limits.ts'

export interface CountDeps {
  rateLimits: RateLimits
  trustedProxies: number
}

/**
 * Counts a request and says in its answer what is left. Returns a function that takes it out of the count again.
 * @throws 429 `too_many_requests`
 */
export async function countRequest(
  { rateLimits, trustedProxies }: CountDeps,
  ctx: Context,
  principal: Principal | undefined,
): Promise<() => Promise<void>> {
  const counted = await rateLimits.count(principal, clientAddress(ctx.req, trustedProxies))
  if (!counted) return async () => undefined
  setHeaders(ctx, counted)
  if (!counted.allowed)
    throw new Problem('too_many', 'too_many_requests', 'Too many requests. Try again later.', {
      retryAfter: counted.reset,
    })
  return async () => setHeaders(ctx, await counted.giveBack())
}

function setHeaders(ctx: Context, { limit, remaining, reset }: Counted): void {
  const { res } = ctx
  res.setHeader('RateLimit-Limit', limit)
  res.setHeader('RateLimit-Remaining', remaining)
  res.setHeader('RateLimit-Reset', reset)
}
