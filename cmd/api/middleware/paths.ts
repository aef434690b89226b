import type { RouterContext } from '@koa/router'
import type { Middleware } from 'koa'
import { Problem } from '#internal/runtime/problem'
import { problemAnswer } from '../errors.ts'
import { send } from './respond.ts'

/** Refuses a path that is not valid percent-encoding, before anything tries to read it. */
export const validPath: Middleware = (ctx, next) => {
  try {
    decodeURIComponent(ctx.path)
  } catch {
    throw new Problem('malformed', 'malformed_path', 'The path is not valid percent-encoding.')
  }
  return next()
}

/** Comes after the router: 404 for a path that there is not, else 405 or the answer to OPTIONS, with what the path has. */
export const otherMethods: Middleware = (ctx) => {
  const { matched = [] } = ctx as unknown as Partial<RouterContext>
  if (matched.length === 0) throw new Problem('not_found', 'not_found', 'There is nothing at this path.')
  const allow = [...new Set(matched.flatMap((layer) => layer.methods)), 'OPTIONS'].join(', ')
  if (ctx.method === 'OPTIONS') return send(ctx, { status: 204, headers: { allow } })
  const detail = `This path has ${allow}.`
  const problem = { status: 405, code: 'method_not_allowed', detail, headers: { allow } }
  send(ctx, problemAnswer(problem, ctx.state.requestId))
}
