import type { Middleware } from 'koa'
import type { Logger } from '#internal/telemetry/log'
import { answerError } from '../errors.ts'
import { send } from './respond.ts'

/** Whatever is thrown further in becomes a problem document. */
export function problems(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      send(ctx, answerError(error, ctx.state.requestId, logger))
    }
  }
}
