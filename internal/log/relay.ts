import pg from 'pg'
import type { LogEvent } from '#internal/events/event'
import { type Found, Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import { SpanKind, withSpan } from '#internal/telemetry/tracing'
import type { Log, Subscription } from './log.ts'
import { relayBatch, relayLockKey, unpublished } from './relay-sql.ts'

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
 * PostgreSQL notices that its connection is gone; whatever it had committed but not published is published again.
 */
export function startRelay(options: RelayOptions): Relay {
  const { url, log, logger, metrics, makePartitions, batchSize = 1000, pollMs = 15 } = options
  let client: pg.Client | undefined
  let leading = false
  let nextTry = 0

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'belfry-relay',
      options: sessionOptions,
      keepAlive: true,
    })
    const forget = () => {
      if (client === fresh) client = undefined
      setLeading(false)
    }
    fresh.on('error', forget)
    fresh.on('end', forget)
    await fresh.connect()
    return fresh
  }

  function setLeading(value: boolean): void {
    if (value && !leading) logger.info('this process is the relay now')
    leading = value
    metrics.relayLeader.set(value ? 1 : 0)
  }

  /** The connection that holds the lock; undefined while another process does. */
  async function lead(): Promise<pg.Client | undefined> {
    if (client && leading) return client
    if (Date.now() < nextTry) return undefined
    nextTry = Date.now() + standbyMs
    client ??= await connect()
    const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [relayLockKey])
    if (!rows[0].held) return undefined
    setLeading(true)
    if (log.recordsPublished) await publishRest(client)
    return client
  }

  async function publishRest(leader: pg.Client): Promise<void> {
    for (;;) {
      const { rows } = await leader.query<LogEvent>({ ...unpublished, values: [batchSize] })
      if (rows.length === 0) return
      await publish(leader, rows)
    }
  }

  async function publish(leader: pg.Client, events: LogEvent[]): Promise<void> {
    await log.publish(events)
    if (log.recordsPublished)
      await leader.query('update log_head set published = $1 where published < $1', [events.at(-1)?.position])
  }

  async function turn(): Promise<Found> {
    const leader = await lead()
    if (!leader) return 'none'
    try {
      const { rows } = await leader.query<LogEvent>({ ...relayBatch, values: [batchSize] })
      const oldest = rows[0]
      if (!oldest) return 'none'
      const links = rows.map((row) => row.traceparent)
      await withSpan('relay events', { kind: SpanKind.PRODUCER, root: true, links }, () => publish(leader, rows))
      metrics.relayEvents.inc(rows.length)
      metrics.relayDelay.observe(Math.max(0, (Date.now() - oldest.at.getTime()) / 1000))
      return rows.length === batchSize ? 'more' : 'some'
    } catch (error) {
      if ((error as { code?: string }).code === missingPartition) await makePartitions()
      // The connection may be in any state: give it and the lock up, and start clean.
      else await leader.end().catch(() => undefined)
      throw error
    }
  }

  const loop = new Loop({
    turn,
    idle: { minMs: 2, maxMs: pollMs },
    onError: (error, attempt) => {
      metrics.loopErrors.inc({ loop: 'relay' })
      logger[attempt === 0 ? 'warn' : 'debug']({ error }, 'relay turn failed, trying again')
    },
  }).start()

  return {
    wake: () => loop.wake(),
    async stop() {
      await loop.stop()
      await client?.end()
    },
  }
}
