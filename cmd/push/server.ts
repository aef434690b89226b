import { Problem } from '#internal/runtime/problem'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Authenticate } from './authenticate.ts'
import type { CatchUp } from './catch-up.ts'
import { Client, type Identity, type Socket } from './client.ts'
import { closeCodes } from './close.ts'
import { type Credentials, cursorOf, offersSubprotocol, subprotocol } from './credentials.ts'
import { type FrameHandler, maxFrameBytes } from './frames.ts'
import type { Hub } from './hub.ts'
import { problemOf, refuse } from './refuse.ts'
import { UpgradeCork } from './upgrade-cork.ts'
import { type HttpRequest, type HttpResponse, type TemplatedApp, type us_socket_context_t, uws } from './uws.ts'

export interface ServerOptions {
  hub: Hub
  catchUp: CatchUp
  authenticate: Authenticate
  frames: FrameHandler
  metrics: Metrics
  logger: Logger
  bufferBytes: number
  idleSeconds: number
  /** Told when a client whose confirmations count has what it was sent up to `position`. */
  onDelivered: (client: Client, position: number) => void
}

/** The two WebSocket endpoints. Everything is refused before the upgrade, with a problem document, or let in. */
export function createServer(options: ServerOptions): { app: TemplatedApp; upgradeCork: UpgradeCork } {
  const { hub, frames, metrics } = options
  for (const code of [...knownCodes, 'other']) metrics.pushClosed.inc({ code: String(code) }, 0)
  const app = uws.App()
  const upgradeCork = new UpgradeCork(app)

  const behavior = (kind: Identity['kind']) => ({
    compression: uws.DISABLED,
    idleTimeout: options.idleSeconds,
    sendPingsAutomatically: true,
    // Above our own limit, so that a frame that is too large can be answered with its close code.
    maxPayloadLength: 16 * maxFrameBytes,
    // The heartbeat closes a slow client at `bufferBytes` and it still gets what is buffered; one that outruns even that is cut.
    // Never dropped: what a client has got is always a prefix of what it was sent.
    maxBackpressure: 2 * options.bufferBytes,
    closeOnBackpressureLimit: true,
    upgrade: (response: HttpResponse, request: HttpRequest, context: us_socket_context_t) =>
      void upgrade(options, upgradeCork, kind, response, request, context),
    open(ws: Socket) {
      ws.getUserData().client.ws = ws
    },
    message(ws: Socket, message: ArrayBuffer, isBinary: boolean) {
      frames(ws.getUserData().client, message, isBinary)
    },
    pong(ws: Socket, message: ArrayBuffer) {
      const client = ws.getUserData().client
      const position = Number(Buffer.from(message).toString('latin1'))
      if (client.marks && position > 0 && position <= client.pinged) options.onDelivered(client, position)
    },
    drain: (ws: Socket) => release(ws.getUserData().client),
    close(ws: Socket, code: number) {
      const client = ws.getUserData().client
      client.ws = undefined
      hub.clients.remove(client)
      release(client)
      metrics.pushSockets.dec({ kind })
      metrics.pushClosed.inc({ code: knownCodes.has(code) ? String(code) : 'other' })
    },
  })

  app.ws<{ client: Client }>('/api/v1/stream', behavior('stream'))
  app.ws<{ client: Client }>('/inbox/:object_id', behavior('inbox'))
  app.any('/*', (response, request) => {
    const known = request.getUrl() === '/api/v1/stream' || /^\/inbox\/[^/]+$/.test(request.getUrl())
    refuse(
      response,
      known ? upgradeRequired : { status: '404 Not Found', code: 'not_found', detail: 'There is nothing here.' },
    )
  })
  hub.attach(app)
  return { app, upgradeCork }
}

const upgradeRequired = {
  status: '426 Upgrade Required',
  code: 'upgrade_required',
  detail: 'This is a WebSocket endpoint, version 13.',
}

async function upgrade(
  options: ServerOptions,
  upgradeCork: UpgradeCork,
  kind: Identity['kind'],
  response: HttpResponse,
  request: HttpRequest,
  context: us_socket_context_t,
): Promise<void> {
  const key = request.getHeader('sec-websocket-key')
  const version = request.getHeader('sec-websocket-version')
  const extensions = request.getHeader('sec-websocket-extensions')
  const credentials: Credentials = {
    authorization: request.getHeader('authorization'),
    protocols: listHeader(request, 'sec-websocket-protocol'),
    ticket: request.getQuery('ticket'),
  }
  const cursor = cursorOf(request.getQuery('cursor'))
  const objectId = kind === 'inbox' ? request.getParameter(0) : undefined
  if (version !== '13') return refuse(response, upgradeRequired)
  let aborted = false
  response.onAborted(() => {
    aborted = true
  })
  try {
    if (cursor === 'invalid')
      throw new Problem(
        'malformed',
        'invalid_cursor',
        'cursor must be a position: a whole number that is not negative.',
      )
    const identity = await options.authenticate(kind, credentials, objectId)
    const client = new Client(identity, cursor)
    await options.catchUp.prepare(client)
    if (aborted) return
    const protocol = offersSubprotocol(credentials.protocols) ? subprotocol : ''
    upgradeCork.run(response, () => response.upgrade({ client }, key, protocol, extensions, context))
    welcome(options, client)
  } catch (error) {
    if (!(error instanceof Problem)) options.logger.warn({ error }, 'could not let a client in')
    if (!aborted) refuse(response, problemOf(error))
  }
}

/** Lets a client in whose socket is open now. */
function welcome({ hub, metrics, catchUp, onDelivered }: ServerOptions, client: Client): void {
  const { ws, marks, cursor, identity } = client
  if (!ws) return
  metrics.pushSockets.inc({ kind: identity.kind })
  metrics.pushOpened.inc({ kind: identity.kind })
  const close = hub.admit(client)
  if (close) return void ws.end(close.code, close.reason)
  // A cursor beyond what this process has seen may be wrong; if it is not, a pong will say so.
  if (marks && cursor && cursor <= hub.position) onDelivered(client, cursor)
  ws.cork(() => catchUp.start(client))
}

/** A header that is a list may come in several lines. */
function listHeader(request: HttpRequest, name: string): string {
  const values: string[] = []
  request.forEach((key, value) => {
    if (key === name) values.push(value)
  })
  return values.join(', ')
}

function release(client: Client): void {
  client.onDrain?.()
  client.onDrain = undefined
}

const knownCodes = new Set<number>([1000, 1001, 1005, 1006, ...Object.values(closeCodes)])
