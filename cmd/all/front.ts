import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { listen } from '#internal/health/server'
import { pipeUpgrade } from './pipe.ts'

export interface FrontOptions {
  /** The api. */
  callback: RequestListener
  /** Where push listens on 127.0.0.1. */
  pushPort: number
}

export interface Front {
  /** Listens; resolves with the port. @throws the listen error. */
  listen(port: number, host: string): Promise<number>
  /** No new connections; resolves when running requests are answered, at the latest after `graceMs`. WebSockets stay. */
  close(graceMs: number): Promise<void>
  /** Requests that the api works on. */
  running(): number
  /** Cuts what is still open. */
  destroy(): void
}

// Not in the declarations of this Node yet. Only WebSockets leave HTTP: a client that merely offers h2c wants an answer.
type Options = ServerOptions & { shouldUpgradeCallback: (request: IncomingMessage) => boolean }

/** The one public port of `npm start`: requests are answered by the api in this process, WebSockets are passed to push. */
export function createFront({ callback, pushPort }: FrontOptions): Front {
  const sockets = new Set<Socket>()
  const running = new Set<ServerResponse>()
  let closing = false
  const options: Options = {
    // Above what proxies and load balancers keep idle connections for, so that they and not we end them.
    keepAliveTimeout: 75_000,
    shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
  }
  const server = createServer(options, (request, response) => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (closing) response.setHeader('connection', 'close')
    callback(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket: Socket, head) => pipeUpgrade(request, socket, head, pushPort))
  return {
    async listen(port, host) {
      await listen(server, port, host)
      return (server.address() as AddressInfo).port
    },
    async close(graceMs) {
      closing = true
      server.close()
      server.closeIdleConnections()
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close')
      const deadline = Date.now() + graceMs
      while (running.size > 0 && Date.now() < deadline) await delay(10)
      server.closeIdleConnections()
    },
    running: () => running.size,
    destroy() {
      for (const socket of sockets) socket.destroy()
    },
  }
}
