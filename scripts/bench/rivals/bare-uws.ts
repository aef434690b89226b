import { App, type WebSocket } from 'uWebSockets.js'
import { serve } from '../remote.ts'
import { eventFrame } from './event-frame.ts'

// The least program that can fan out: no log, no credentials, no resume. What Belfry's push is compared with.

const app = App()
app.ws<object>('/*', {
  maxBackpressure: 256 * 1024 * 1024,
  idleTimeout: 120,
  open: (ws: WebSocket<object>) => void ws.subscribe('alerts'),
})
let position = 0

const handlers = {
  listen: ({ port }: { port: number }) =>
    new Promise<void>((resolve, reject) => {
      app.listen('127.0.0.1', port, (socket) => (socket ? resolve() : reject(new Error(`port ${port} is taken`))))
    }),
  /** Publishes so many events in one turn. */
  publish({ count }: { count: number }): void {
    for (let i = 0; i < count; i++) app.publish('alerts', eventFrame(++position))
  },
}

export type Rival = typeof handlers
serve(handlers)
