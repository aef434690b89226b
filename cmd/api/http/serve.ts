import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { closeServer, listen } from '#internal/health/server'

/** As often a stopping server looks for connections that have become idle. */
const idleCheckMs = 50
/** So long a stopping server waits for the first request of a connection, or for the rest of its headers. */
const muteMs = 1000

export interface HttpServer {
  port: number
  /** From now on every answer, also of requests that run, ends its connection: whoever asks again asks another process. */
  leave(): void
  /** Takes no new connections, lets running requests finish, then ends every connection. */
  close(): Promise<void>
}

/** The API's own listener. @throws the listen error, e.g. EADDRINUSE. */
export async function serve(callback: RequestListener, port: number, host: string): Promise<HttpServer> {
  const sockets = new Set<Socket>()
  const running = new Set<ServerResponse>()
  let leaving = false
  const options = { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 }
  const server = createServer(options, (request, response) => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (leaving) response.setHeader('Connection', 'close')
    callback(request, response)
  })
  server.on('clientError', refuse)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  function leave(): void {
    leaving = true
    for (const response of running) if (!response.headersSent) response.setHeader('Connection', 'close')
  }

  /** Node counts a connection that has not asked anything as busy, and forgets its time limits when it stops. */
  function endMute(): void {
    const busy = new Set([...running].map((response) => response.socket))
    for (const socket of sockets) if (!busy.has(socket)) socket.destroy()
  }

  await listen(server, port, host)
  return {
    port: (server.address() as AddressInfo).port,
    leave,
    async close() {
      leave()
      // An answer that was begun before keeps its connection open for the next request: end it as soon as it is idle.
      const idle = setInterval(() => server.closeIdleConnections(), idleCheckMs)
      const mute = setTimeout(endMute, muteMs)
      await closeServer(server)
      clearInterval(idle)
      clearTimeout(mute)
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
