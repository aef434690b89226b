import type { ServerResponse } from 'node:http'
import type Koa from 'koa'
import type { Answer } from './route.ts'

/** How long what a client still sends is thrown away after its body was refused. */
const lingerMs = 500

const securityHeaders: [string, string][] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
]
const strictPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Writes an answer. `media` is the type of a success whose body is text. */
export function send(ctx: Koa.Context, answer: Answer, requestId: string, media: string | undefined): void {
  const { res } = ctx
  const { status, body, headers } = answer
  res.setHeader('X-Request-Id', requestId)
  for (const [name, value] of securityHeaders) res.setHeader(name, value)
  res.setHeader('Content-Security-Policy', strictPolicy)
  ctx.status = status
  const raw = media !== undefined && status < 400
  if (body === undefined) ctx.body = null
  else {
    ctx.body = raw ? body : JSON.stringify(body)
    res.setHeader('Content-Type', raw ? media : 'application/json; charset=utf-8')
  }
  for (const name in headers) res.setHeader(name, headers[name] as string)
  // ctx.body = null turns the status into 204.
  ctx.status = status
  if (status === 413) linger(ctx)
}

/**
 * Answers while the client is still sending. Closing at once would reset the connection and lose the answer on its way: the whole
 * answer goes out, what comes in is thrown away for a moment, then the connection closes.
 */
function linger(ctx: Koa.Context): void {
  const { req, res } = ctx
  const text = ctx.body as string
  ctx.respond = false
  res.statusCode = ctx.status
  res.setHeader('Connection', 'close')
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.write(text)
  const end = once(res)
  const timer = setTimeout(end, lingerMs)
  req.once('end', end).once('close', () => clearTimeout(timer))
  req.resume()
}

function once(res: ServerResponse): () => void {
  return () => {
    if (!res.writableEnded) res.end()
  }
}
