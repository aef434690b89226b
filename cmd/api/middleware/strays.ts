import type { Middleware } from 'koa'
import { type CountDeps, countRequest } from '../http/count.ts'

/** Requests that no route took and that are refused count by address: looking for paths that there are not is limited too. */
export function countStrays(deps: CountDeps): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      if (!ctx.state.route) await countRequest(deps, ctx, undefined)
      throw error
    }
    if (!ctx.state.route && ctx.status >= 400) await countRequest(deps, ctx, undefined)
  }
}
