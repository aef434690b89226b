import type { Context } from 'koa'
import type { Answer } from '../http/route.ts'

/** How long what a client still sends is thrown away after its body was refused. */
const lingerMs = 500

/** Writes an answer. `media` is the type of a success whose body, text or a stream, goes out as it is. */
export function send(ctx: Context, { status, body, headers = {} }: Answer, media?: string): void {
  const raw = media !== undefined && status < 400
  if (body === undefined) ctx.body = null
  else {
    ctx.body = raw ? body : JSON.stringify(body)
    ctx.set('Content-Type', raw ? media : 'application/json; charset=utf-8')
  }
  ctx.set(headers)
  // Last, as `ctx.body = null` means 204 to koa.
  ctx.status = status
  if (status === 413) linger(ctx)
}

/**
 * Answers while the client is still sending. Closing at once would reset the connection and lose the answer on its way: the whole
 * answer goes out, what comes in is thrown away for a moment, then the connection closes.
 */
function linger(ctx: Context): void {
  const { req, res } = ctx
  const text = ctx.body as string
  ctx.respond = false
  res.statusCode = ctx.status
  res.setHeader('Connection', 'close')
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.write(text)
  const end = () => void (res.writableEnded || res.end())
  const timer = setTimeout(end, lingerMs)
  req.once('end', end).once('close', () => clearTimeout(timer))
  req.resume()
}
