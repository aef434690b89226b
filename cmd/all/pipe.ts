import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'

const connectMs = 5000
// How long a side may take to read what is left after the other side is gone.
const lingerMs = 5000

/**
 * Hands an upgrade request on to 127.0.0.1:`port`, byte for byte, and then passes bytes both ways until both sides are done.
 * An upstream that cannot be reached is a 503 to the client. Both sockets are always closed in the end.
 */
export function pipeUpgrade(request: IncomingMessage, client: Socket, head: Buffer, port: number): void {
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

/** The request as it came, with the peer's address added for the limits behind. */
function requestHead(request: IncomingMessage, peer = ''): string {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  const forwarded: string[] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const [name, value] = [request.rawHeaders[i]!, request.rawHeaders[i + 1]!]
    if (name.toLowerCase() === 'x-forwarded-for') forwarded.push(value)
    else lines.push(`${name}: ${value}`)
  }
  lines.push(`X-Forwarded-For: ${[...forwarded, peer].join(', ')}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
