import type { Scope } from '#internal/events/event'
import type { Logger } from '#internal/telemetry/log'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import type { Hub } from './hub.ts'

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
  #due = new Set<Scope>()
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

  /** Something was published to this scope. */
  touch(scope: Scope): void {
    this.#due.add(scope)
  }

  /** Asks one client at once, with the frames that are on their way to it: it was caught up. */
  ask(client: Client): void {
    const { position } = this.#options.hub
    if (!client.marks || client.pinged === position) return
    client.pinged = position
    client.ws?.ping(String(position))
  }

  async #sweep(): Promise<void> {
    const clients = new Set<Client>()
    for (const scope of this.#due) for (const client of this.#options.hub.clients.in(scope)) clients.add(client)
    this.#due = new Set()
    let done = 0
    for (const client of clients) {
      this.#check(client)
      if (++done % sliceSize === 0) await new Promise(setImmediate)
    }
    if (++this.#sweeps % 10 === 0) this.#endExpired()
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
