import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js'
import * as untyped from 'uWebSockets.js'

export type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  us_listen_socket,
  us_socket_context_t,
  WebSocket,
} from 'uWebSockets.js'

interface Uws {
  App(): TemplatedApp
  us_listen_socket_close(socket: us_listen_socket): void
  us_socket_local_port(socket: us_listen_socket): number
  DISABLED: 0
  LIBUS_LISTEN_EXCLUSIVE_PORT: number
}

/** The library with the types that it really has: its declarations lack some values and call others types only. */
export const uws = untyped as unknown as Uws
