import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'

const connectMs = 5000
// How long a side may take to read what is left after the other side is gone.
const lingerMs = 5000

/**
 * Hands a WebSocket upgrade on to 127.0.0.1:`port`, and then passes bytes both ways until both sides are done.
 * An upstream that cannot be reached is a 503 to the client. Both sockets are always closed in the end.
 */
export function pipeUpgrade(request: IncomingMessage, client: Socket, head: Buffer, port: number): void {
  client.on('error', () => undefined)
  const refused = refusal(request)
  if (refused) return void client.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  const upstream = connect({ port, host: '127.0.0.1', noDelay: true })
  let connected = false
  const timer = setTimeout(() => upstream.destroy(), connectMs)

  client.setNoDelay(true)
  client.setTimeout(0)
  client.setKeepAlive(true, 60_000)
  upstream.once('connect', () => {
    connected = true
    clearTimeout(timer)
    upstream.write(requestHead(request, client.remoteAddress), 'latin1')
    if (head.length > 0) upstream.write(head)
    client.pipe(upstream)
    upstream.pipe(client)
  })

  // An error is always followed by close, which does the rest.
  client.on('error', () => upstream.destroy())
  upstream.on('error', () => undefined)
  client.once('close', () => upstream.destroy())
  upstream.once('close', () => {
    clearTimeout(timer)
    if (client.destroyed) return
    if (connected) client.end()
    else
      client.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n')
    const linger = setTimeout(() => client.destroy(), lingerMs)
    client.once('close', () => clearTimeout(linger))
    // The client's own end is still to be read, or the socket would never close.
    client.resume()
  })
}

// What push reads. Cookies and whatever else a browser adds would only fill its header buffer.
const passedOn = new Set([
  'host',
  'upgrade',
  'connection',
  'authorization',
  'origin',
  'traceparent',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
])

/** The request with the headers that matter, with the peer's address added for the limits behind. */
function requestHead(request: IncomingMessage, peer = ''): string {
  const lines = [`GET ${request.url?.replace(/^https?:\/\/[^/?]*/i, '') || '/'} HTTP/1.1`]
  const forwarded: string[] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = [request.rawHeaders[i]!, request.rawHeaders[i + 1]!]
    if (name.toLowerCase() === 'x-forwarded-for') forwarded.push(value)
    else if (passedOn.has(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  lines.push(`X-Forwarded-For: ${[...forwarded, peer].join(', ')}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

const maxHeadBytes = 3500

/** What is wrong with the request itself, as a status line; undefined when push may have it. */
function refusal(request: IncomingMessage): string | undefined {
  if (request.method !== 'GET' || request.httpVersion !== '1.1' || !request.headers['sec-websocket-key'])
    return '400 Bad Request'
  if (request.headers['sec-websocket-version'] !== '13') return '426 Upgrade Required\r\nSec-WebSocket-Version: 13'
  if (requestHead(request).length > maxHeadBytes) return '431 Request Header Fields Too Large'
  return undefined
}
