import { isUnavailable } from '#internal/db/errors'
import type { Db } from '#internal/db/pool'
import { conversationOf } from '#internal/events/scope'
import { eventsInScopes } from '#internal/log/events-in-scopes'
import { headPosition, oldestCursor } from '#internal/log/head'
import { backoffMs, sleep } from '#internal/runtime/backoff'
import { Semaphore } from '#internal/runtime/semaphore'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { Client } from './client.ts'
import { closeCodes } from './close.ts'
import { Delivered } from './delivered.ts'
import { type Entry, entryOf } from './entry.ts'
import type { Hub } from './hub.ts'
import type { FindMemberships } from './memberships.ts'

export interface CatchUpOptions {
  db: Db
  hub: Hub
  logger: Logger
  metrics: Metrics
  findMemberships: FindMemberships
  /** Told when a client was sent a part of what it missed, and when it has gone live: its delivered mark is due. */
  onSent: (client: Client) => void
}

const pageSize = 200
// Sent before looking whether the client keeps up.
const chunkBytes = 64 * 1024
// So many clients read PostgreSQL at once; the others wait their turn. A storm of reconnections costs time, not the database.
const readers = 4

/**
 * Brings a client from its cursor to the present and makes it live. Pages come from PostgreSQL until the ring reaches back far
 * enough, then from the ring, never faster than the client reads. What it sees follows the log on the way: a page ends at an entry that
 * opens a conversation to it, and the next one has the events of that as well. The last step, from the ring to the hub's position and
 * subscribing, happens in one turn: nothing falls between and nothing is sent twice.
 */
export class CatchUp {
  readonly #options: CatchUpOptions
  readonly #readers = new Semaphore(readers)

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** Finds out what a client sees where it left off. To be called before it is let in; `start` follows. */
  async prepare(client: Client): Promise<void> {
    if (client.identity.kind === 'stream') await this.#begin(client, client.cursor ?? this.#options.hub.position)
    else client.start = client.cursor ?? 0
  }

  /**
   * A client that has not missed more than a page is brought up to date here and now: its frames go out in one write with the answer
   * to its upgrade. For the others it takes a while; they are live or gone then.
   */
  start(client: Client): void {
    if (!this.#atOnce(client)) void this.#run(client)
  }

  /** Lets the client's view begin at this position of the log. */
  async #begin(client: Client, position: number): Promise<void> {
    client.start = position
    const { accountId } = client.identity.session!
    const after = Math.min(position, Number.MAX_SAFE_INTEGER)
    client.visibility.begin(await this.#options.findMemberships({ accountId, after }))
  }

  #atOnce(client: Client): boolean {
    const { hub, metrics } = this.#options
    const { start, visibility } = client
    if (start > hub.position || start < hub.ring.floor || !visibility.settled) return false
    const page = hub.ring.after(visibility.scopes, start, pageSize)
    if (page.length === pageSize || sizeOf(page) > chunkBytes || page.some(({ change }) => change)) return false
    this.#hello(client, true)
    sendChunk(client, page)
    this.#goLive(client)
    metrics.pushCatchUps.inc({ source: 'ring' })
    return true
  }

  #hello(client: Client, honoured: boolean): void {
    if (client.identity.kind !== 'stream') return
    const resumed = client.cursor !== undefined && honoured
    // Without a cursor it has what comes after this; with one it is told how far there is to go.
    send(client, { type: 'hello', position: resumed ? this.#options.hub.position : client.start, resumed })
  }

  #goLive(client: Client): void {
    const { hub, onSent } = this.#options
    hub.goLive(client)
    if (client.identity.kind === 'stream') send(client, { type: 'live', position: hub.position })
    onSent(client)
  }

  async #run(client: Client): Promise<void> {
    const { hub, logger } = this.#options
    for (let attempt = 0; client.ws; attempt++) {
      try {
        await this.#replay(client, await this.#greet(client))
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
    const problem = client.cursor === undefined ? undefined : await this.#problemWith(client.cursor)
    if (problem) await this.#restart(client)
    this.#hello(client, !problem)
    if (problem) send(client, { type: 'reset', position: client.start, reason: problem })
    client.reached = client.start
    return client.start
  }

  /** A stream whose cursor cannot be honoured goes on from now. An inbox is always shown whole. */
  async #restart(client: Client): Promise<void> {
    const { db, hub } = this.#options
    if (client.identity.kind === 'stream') await this.#begin(client, hub.position)
    else client.start = await oldestCursor(db)
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
    const { hub, metrics, onSent } = this.#options
    let position = start
    let source: 'ring' | 'postgresql' = 'ring'
    while (client.ws) {
      const fromRing = position >= hub.ring.floor
      const upTo = hub.position
      if (!fromRing) source = 'postgresql'
      const page = fromRing
        ? hub.ring.after(client.visibility.scopes, position, pageSize)
        : await this.#read(client, position, upTo)
      const { done, whole } = sendChunk(client, page)
      const atEnd = whole && page.length < pageSize
      if (atEnd && fromRing && client.visibility.settled) {
        // Nothing was awaited since the ring was read: the client has everything up to the hub's position.
        this.#goLive(client)
        metrics.pushCatchUps.inc({ source })
        return
      }
      position = atEnd ? upTo : (page[done - 1]?.position ?? position)
      client.reached = position
      onSent(client)
      await drained(client)
      // PostgreSQL knew of something that this process has yet to see.
      if (atEnd && fromRing) await hub.reached(upTo + 1)
    }
  }

  async #read(client: Client, after: number, upTo: number): Promise<Entry[]> {
    return this.#readers.run(async () => {
      if (!client.ws) return []
      return (await eventsInScopes(this.#options.db, client.visibility.scopes, after, upTo, pageSize)).map(entryOf)
    })
  }
}

function send(client: Client, frame: object): void {
  client.ws?.send(JSON.stringify(frame))
}

const sizeOf = (entries: Entry[]): number => entries.reduce((sum, entry) => sum + (entry.frame?.length ?? 0), 0)

/**
 * Sends what is for this client in one write, up to about `chunkBytes`. Returns how many entries were dealt with, and whether that is
 * all there was: behind an entry that opens a scope the page lacks the entries of that scope.
 */
function sendChunk(client: Client, entries: Entry[]): { done: number; whole: boolean } {
  let bytes = 0
  let done = 0
  let whole = true
  client.ws?.cork(() => {
    for (const entry of entries) {
      if (bytes >= chunkBytes || !whole) return
      done++
      if (client.accepts(entry)) {
        client.ws?.send(entry.frame!)
        bytes += entry.frame!.length
        account(client, entry)
      }
      const effect = client.visibility.apply(entry)
      if (effect && 'opened' in effect) whole = false
    }
  })
  return { done, whole: whole && done === entries.length }
}

/** A message that a member was sent is one that it will confirm. */
function account(client: Client, { scope, seq }: Entry): void {
  const conversationId = seq === undefined ? undefined : conversationOf(scope)
  if (seq === undefined || conversationId === undefined || !client.visibility.isMember(conversationId)) return
  client.delivered ??= new Delivered()
  client.delivered.add({ conversationId, after: seq - 1, upTo: seq })
}

/** Resolves when the client has room again, or is gone. */
async function drained(client: Client): Promise<void> {
  while (client.ws && client.ws.getBufferedAmount() > chunkBytes)
    await new Promise<void>((resolve) => {
      client.onDrain = resolve
    })
}
