import { isUnavailable } from '#internal/db/errors'
import type { Db } from '#internal/db/pool'
import { headPosition, oldestCursor } from '#internal/log/head'
import { backoffMs, sleep } from '#internal/runtime/backoff'
import { Semaphore } from '#internal/runtime/semaphore'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import { type Entry, entryOf } from './entry.ts'
import type { Hub } from './hub.ts'
import { eventsInScopes } from './store.ts'

export interface CatchUpOptions {
  db: Db
  hub: Hub
  logger: Logger
  metrics: Metrics
  /** Told when a client has gone live: its delivered mark is due. */
  onLive: (client: Client) => void
}

const pageSize = 200
// Sent before looking whether the client keeps up.
const chunkBytes = 64 * 1024
// So many clients read PostgreSQL at once; the others wait their turn. A storm of reconnections costs time, not the database.
const readers = 4

/**
 * Brings a client from its cursor to the present and makes it live. Pages come from PostgreSQL until the ring reaches back far
 * enough, then from the ring, never faster than the client reads. The last step, from the ring to the hub's position and
 * subscribing, happens in one turn: nothing falls between and nothing is sent twice.
 */
export class CatchUp {
  readonly #options: CatchUpOptions
  readonly #readers = new Semaphore(readers)

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /**
   * A client that has not missed more than a page is brought up to date here and now: its frames go out in one write with the answer
   * to its upgrade. For the others it takes a while; they are live or gone then.
   */
  start(client: Client): void {
    if (!this.#atOnce(client)) void this.#run(client)
  }

  #atOnce(client: Client): boolean {
    const { hub, metrics } = this.#options
    const stream = client.identity.kind === 'stream'
    const start = client.cursor ?? (stream ? hub.position : 0)
    if (start > hub.position || start < hub.ring.floor) return false
    const page = hub.ring.after(client.scopes, start, pageSize)
    if (page.length === pageSize || sizeOf(page) > chunkBytes) return false
    if (stream) send(client, { type: 'hello', position: hub.position, resumed: client.cursor !== undefined })
    sendChunk(client, page)
    this.#goLive(client)
    metrics.pushCatchUps.inc({ source: 'ring' })
    return true
  }

  #goLive(client: Client): void {
    const { hub, onLive } = this.#options
    hub.goLive(client)
    if (client.identity.kind === 'stream') send(client, { type: 'live', position: hub.position })
    onLive(client)
  }

  async #run(client: Client): Promise<void> {
    const { hub, logger } = this.#options
    for (let attempt = 0; client.ws; attempt++) {
      try {
        const start = await this.#greet(client)
        await this.#replay(client, start)
        return
      } catch (error) {
        if (!isUnavailable(error)) {
          logger.error({ error }, 'a client could not be caught up')
          client.ws?.end(closeCodes.internal, 'internal error: resume by cursor')
          return
        }
        // What the client has got so far stands; go on from there when PostgreSQL is back.
        logger[attempt === 0 ? 'warn' : 'debug']({ error, position: hub.position }, 'catch-up failed, trying again')
        await sleep(backoffMs(attempt, 50, 2000))
      }
    }
  }

  /** Answers the cursor: says hello, and reset where it cannot be honoured. Returns the position to replay from. */
  async #greet(client: Client): Promise<number> {
    if (client.reached !== undefined) return client.reached
    const { hub } = this.#options
    const stream = client.identity.kind === 'stream'
    const problem = client.cursor === undefined ? undefined : await this.#problemWith(client.cursor)
    const start = await this.#startOf(client, problem)
    if (!client.ws) return start
    if (stream)
      send(client, { type: 'hello', position: hub.position, resumed: client.cursor !== undefined && !problem })
    if (problem) send(client, { type: 'reset', position: start, reason: problem })
    client.reached = start
    return start
  }

  async #startOf({ cursor, identity }: Client, problem: string | undefined): Promise<number> {
    const { db, hub } = this.#options
    // A stream without a cursor, or with one that cannot be honoured, goes on from now. An inbox is always shown whole.
    if (identity.kind === 'stream' && (problem || cursor === undefined)) return hub.position
    if (problem) return oldestCursor(db)
    return cursor ?? 0
  }

  async #problemWith(cursor: number): Promise<'cursor_ahead' | 'cursor_too_old' | undefined> {
    const { db, hub } = this.#options
    if (cursor > hub.position) {
      // Another push process may be further than this one; only the log itself knows.
      if (cursor > (await headPosition(db))) return 'cursor_ahead'
      await hub.reached(cursor)
    }
    if (cursor > 0 && cursor < hub.ring.floor && cursor < (await oldestCursor(db))) return 'cursor_too_old'
    return undefined
  }

  async #replay(client: Client, start: number): Promise<void> {
    const { hub, metrics } = this.#options
    let position = start
    let source: 'ring' | 'postgresql' = 'ring'
    while (client.ws) {
      const fromRing = position >= hub.ring.floor
      const upTo = hub.position
      if (!fromRing) source = 'postgresql'
      const page = fromRing
        ? hub.ring.after(client.scopes, position, pageSize)
        : await this.#read(client, position, upTo)
      const sent = sendChunk(client, page)
      if (sent < page.length) position = page[sent - 1]?.position ?? position
      else if (page.length === pageSize) position = page[pageSize - 1]!.position
      else if (fromRing) {
        // Nothing was awaited since the ring was read: the client has everything up to the hub's position.
        this.#goLive(client)
        metrics.pushCatchUps.inc({ source })
        return
      } else position = upTo
      client.reached = position
      await drained(client)
    }
  }

  async #read(client: Client, after: number, upTo: number): Promise<Entry[]> {
    return this.#readers.run(async () => {
      if (!client.ws) return []
      return (await eventsInScopes(this.#options.db, client.scopes, after, upTo, pageSize)).map(entryOf)
    })
  }
}

function send(client: Client, frame: object): void {
  client.ws?.send(JSON.stringify(frame))
}

const sizeOf = (entries: Entry[]): number => entries.reduce((sum, entry) => sum + (entry.frame?.length ?? 0), 0)

/** Sends what is for this client in one write, up to about `chunkBytes`. Returns how many entries were dealt with. */
function sendChunk(client: Client, entries: Entry[]): number {
  let bytes = 0
  let done = 0
  client.ws?.cork(() => {
    for (const entry of entries) {
      if (bytes >= chunkBytes) return
      done++
      if (!client.accepts(entry)) continue
      client.ws?.send(entry.frame!)
      bytes += entry.frame!.length
    }
  })
  return done
}

/** Resolves when the client has room again, or is gone. */
async function drained(client: Client): Promise<void> {
  while (client.ws && client.ws.getBufferedAmount() > chunkBytes)
    await new Promise<void>((resolve) => {
      client.onDrain = resolve
    })
}
