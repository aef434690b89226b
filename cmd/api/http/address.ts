import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * The client's address. Each trusted proxy has appended the address that it saw to X-Forwarded-For, so with `proxies` of them the
 * client is that many entries from the end; what stands before is the client's own claim and not believed.
 */
export function clientAddress(request: IncomingMessage, proxies: number): string {
  const peer = plain(request.socket.remoteAddress ?? '')
  const header = request.headers['x-forwarded-for']
  if (proxies === 0 || header === undefined) return peer
  const entries = String(header).split(',')
  const entry = plain((entries[Math.max(0, entries.length - proxies)] ?? '').trim())
  return isIP(entry) ? entry : peer
}

/** Without a port, brackets, and the IPv6 form of IPv4. */
function plain(address: string): string {
  const bare = /^\[(.+)\](:\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address
  return bare.startsWith('::ffff:') && bare.includes('.') ? bare.slice(7) : bare
}
