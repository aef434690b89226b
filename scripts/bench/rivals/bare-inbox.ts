import { App, type HttpResponse, type WebSocket } from 'uWebSockets.js'
import { serve } from '../remote.ts'

// The least program that lets a client in and sends it an alert: no credentials, no log. What a storm of reconnections costs at least.

const handlers = {
  /** Whoever connects gets one frame, which says that it is at this position. */
  listen: ({ port, position }: { port: number; position: number }) =>
    new Promise<void>((resolve, reject) => {
      const frame = JSON.stringify({ id: 1, text: 'x'.repeat(80), severity: 'info', created_at: new Date(), position })
      const app = App()
      app.ws<object>('/*', {
        idleTimeout: 120,
        upgrade(response: HttpResponse, request, context) {
          const key = request.getHeader('sec-websocket-key')
          const extensions = request.getHeader('sec-websocket-extensions')
          // As where something must be looked up first.
          const timer = setTimeout(() => response.cork(() => response.upgrade({}, key, '', extensions, context)), 2)
          response.onAborted(() => clearTimeout(timer))
        },
        open: (ws: WebSocket<object>) => void ws.send(frame),
      })
      app.listen('127.0.0.1', port, (socket) => (socket ? resolve() : reject(new Error(`port ${port} is taken`))))
    }),
}

export type BareInbox = typeof handlers
serve(handlers)
