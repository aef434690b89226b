import type { Scope } from '#internal/events/event'
import type { Logger } from '#internal/telemetry/log'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Entry } from './entry.ts'
import type { Hub } from './hub.ts'
import { Posted } from './posted.ts'

export interface HeartbeatOptions {
  hub: Hub
  logger: Logger
  /** Unread bytes after which a client is closed as too slow. */
  bufferBytes: number
}

const sweepMs = 1000
// Pings go out in slices, so that the loop is never held for long.
const sliceSize = 1000

/**
 * Asks the sockets that were sent something for a sign of life: a WebSocket ping whose payload is the position. The pong, which every
 * WebSocket stack answers by itself, comes after everything sent before it, and so proves what the client's machine has. At most one
 * per sweep and socket. The same sweep finds clients that do not read, and those whose session has run out.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #due = new Map<Scope, Posted | undefined>()
  #timer: NodeJS.Timeout | undefined
  #sweeps = 0

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.#sweep(), sweepMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** It was published. */
  touch({ scope, position, seq }: Entry): void {
    let posted = this.#due.get(scope)
    if (seq !== undefined) {
      posted ??= new Posted(scope)
      posted.add(position, seq)
    }
    this.#due.set(scope, posted)
  }

  /** Asks one client at once, with the frames that are on their way to it. */
  ask(client: Client): void {
    const position = client.live ? this.#options.hub.position : (client.reached ?? 0)
    if (!client.ws || position <= client.pinged || !isDue(client, position)) return
    client.pinged = position
    client.ws.ping(String(position))
  }

  /** Asks these clients at once for everything that they were sent: they are about to be closed. */
  askLast(clients: Iterable<Client>): void {
    this.#collect()
    for (const client of clients) this.ask(client)
  }

  async #sweep(): Promise<void> {
    let done = 0
    for (const client of this.#collect()) {
      this.#check(client)
      if (++done % sliceSize === 0) await new Promise(setImmediate)
    }
    if (++this.#sweeps % 10 === 0) this.#endExpired()
  }

  /** The clients that something was published to since the last time; those whose conversations it was in have it on their account. */
  #collect(): Set<Client> {
    const { clients } = this.#options.hub
    const touched = new Set<Client>()
    for (const [scope, posted] of this.#due)
      for (const client of clients.in(scope)) {
        touched.add(client)
        posted?.note(client)
      }
    this.#due = new Map()
    return touched
  }

  #check(client: Client): void {
    const { ws, live } = client
    if (!ws || !live) return
    if (ws.getBufferedAmount() > this.#options.bufferBytes) {
      // What is buffered still goes out, then the close frame: the client has everything up to there, and resumes from it.
      ws.end(closeCodes.slow, 'too slow: resume by cursor')
      return
    }
    this.ask(client)
  }

  #endExpired(): void {
    const now = Date.now()
    for (const client of [...this.#options.hub.clients.all])
      if ((client.identity.session?.expiresAt ?? Number.POSITIVE_INFINITY) <= now)
        client.ws?.end(closeCodes.sessionEnded, 'session expired')
  }
}

/** Whether a pong with this position would prove something: alerts of an inbox, messages on a stream. */
function isDue(client: Client, position: number): boolean {
  return client.identity.kind === 'inbox' ? client.marks : (client.delivered?.ask(position) ?? false)
}
