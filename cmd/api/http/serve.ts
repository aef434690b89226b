import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { closeServer, listen } from '#internal/health/server'

/** As often a stopping server looks for connections that have become idle. */
const idleCheckMs = 50

export interface HttpServer {
  port: number
  /** Takes no new connections, lets running requests finish, then ends every connection. */
  close(): Promise<void>
}

/** The API's own listener. @throws the listen error, e.g. EADDRINUSE. */
export async function serve(callback: RequestListener, port: number, host: string): Promise<HttpServer> {
  let stopping = false
  const options = { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }
  const server = createServer(options, (request, response) => {
    if (stopping) response.setHeader('Connection', 'close')
    callback(request, response)
  })
  server.on('clientError', refuse)
  await listen(server, port, host)
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      stopping = true
      // A connection whose request was running when the server stopped stays open for the next one: end it as soon as it is idle.
      const timer = setInterval(() => server.closeIdleConnections(), idleCheckMs)
      await closeServer(server)
      clearInterval(timer)
    },
  }
}

/** What is not HTTP never reaches the application: a bare status line, and the connection ends. */
export function refuse(error: NodeJS.ErrnoException, socket: Pick<Socket, 'writable' | 'end' | 'destroy'>): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
