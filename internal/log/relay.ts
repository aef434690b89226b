import pg from 'pg'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import type { Log, Publication, Subscription } from './log.ts'
import { outboxHasRows, relayBatch, relayLockKey } from './relay-sql.ts'

export interface RelayOptions {
  url: string
  log: Log
  logger: Logger
  metrics: Metrics
  /** Makes room in `events` when the partition for the next position is missing. */
  makePartitions: () => Promise<void>
  batchSize?: number
  /** Longest rest while the outbox is empty, milliseconds: how late it may notice what another process wrote. */
  pollMs?: number
}

/** The relay: one process at a time moves the outbox into `events` and gives positions. */
export interface Relay extends Subscription {
  /** Says that the outbox has something, so that an idle relay looks at once. */
  wake(): void
}

const missingPartition = '23514'
/** How often a process that is not the relay asks for the lock. */
const standbyMs = 500
/** A relay that is gone or frozen loses its session, and with it the lock, within about ten seconds. */
const sessionOptions =
  '-c idle_session_timeout=10000 -c tcp_keepalives_idle=4 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3'

/**
 * Whoever holds the advisory lock is the relay. The lock belongs to the connection over which the relay also writes, so a relay
 * that lost its lock cannot write any more: there are never two, and positions have no gap. A killed relay is replaced when
 * PostgreSQL notices that its connection is gone; the next one's publication goes on where the last one got to.
 */
export function startRelay(options: RelayOptions): Relay {
  const { url, log, logger, metrics, makePartitions, batchSize = 1000, pollMs = 15 } = options
  let client: pg.Client | undefined
  let publication: Publication | undefined
  let nextTry = 0

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'belfry-relay',
      options: sessionOptions,
      keepAlive: true,
    })
    const forget = () => {
      if (client !== fresh) return
      client = undefined
      void endPublication()
    }
    fresh.on('error', forget)
    fresh.on('end', forget)
    await fresh.connect()
    return fresh
  }

  function startPublication(): Publication {
    logger.info('this process is the relay now')
    metrics.relayLeader.set(1)
    return log.publish()
  }

  async function endPublication(): Promise<void> {
    const ended = publication
    publication = undefined
    metrics.relayLeader.set(0)
    await ended?.stop()
  }

  /** The connection that holds the lock; undefined while another process does. */
  async function lead(): Promise<pg.Client | undefined> {
    if (client && publication) return client
    if (Date.now() < nextTry) return undefined
    nextTry = Date.now() + standbyMs
    client ??= await connect()
    const asked = client
    try {
      const { rows } = await asked.query('select pg_try_advisory_lock($1) as held', [relayLockKey])
      // The connection may have gone since, and the lock with it.
      if (!rows[0].held || client !== asked) return undefined
    } catch (error) {
      await giveUp(asked)
      throw error
    }
    publication = startPublication()
    return asked
  }

  /** The connection may be in any state: it goes, and the lock with it. */
  async function giveUp(doubtful: pg.Client): Promise<void> {
    await doubtful.end().catch(() => undefined)
    if (client === doubtful) client = undefined
  }

  async function turn(): Promise<Found> {
    const leader = await lead()
    if (!leader) return 'none'
    try {
      const { rows: found } = await leader.query<{ waits: boolean }>(outboxHasRows)
      if (!found[0]?.waits) return 'none'
      const { rows } = await leader.query<LogEvent>({ ...relayBatch, values: [batchSize] })
      const oldest = rows[0]
      if (!oldest) return 'none'
      const links = rows.map((row) => row.traceparent)
      await withSpan('relay events', { kind: SpanKind.PRODUCER, root: true, links }, async () =>
        publication?.offer(rows),
      )
      metrics.relayEvents.inc(rows.length)
      metrics.relayDelay.observe(Math.max(0, (Date.now() - oldest.at.getTime()) / 1000))
      return rows.length === batchSize ? 'more' : 'some'
    } catch (error) {
      if ((error as { code?: string }).code === missingPartition) await makePartitions()
      else await giveUp(leader)
      throw error
    }
  }

  const loop = new Loop({
    turn,
    idle: { minMs: 2, maxMs: pollMs },
    onError: failedTurns({ logger, metrics }, 'relay', 'relay turn failed, trying again'),
  }).start()

  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop()
      await endPublication()
      await client?.end()
    },
  }
}
