import { findAccount } from '#internal/accounts/store'
import { wasTargeted } from '#internal/alerts/inbox-store'
import { isPublicTopic } from '#internal/conversations/memberships'
import { headPosition, oldestCursor } from '#internal/log/head'
import type { LogPlatform } from '#internal/platform/log'
import { sleep } from '#internal/runtime/backoff'
import type { Lifecycle } from '#internal/runtime/run'
import { createAuthenticate } from './authenticate.ts'
import { CatchUp } from './catch-up.ts'
import type { PushConfig } from './config.ts'
import { deliveredMarks } from './delivered-marks.ts'
import { drain } from './drain.ts'
import { createFrameHandler } from './frames.ts'
import { Heartbeat } from './heartbeat.ts'
import { Hub } from './hub.ts'
import { listen } from './listen.ts'
import { MarkBuffer } from './mark-buffer.ts'
import { createFindMemberships } from './memberships.ts'
import { createServer } from './server.ts'

// Read into the ring before the first client is let in, so that clients who come back after a restart do not all ask PostgreSQL.
const preloadEvents = 50_000

/**
 * Starts the push role; resolves when it listens, with the port. The hub has then caught up with the log. On stop: no new sockets,
 * the open ones are asked to reconnect elsewhere, marks are sent on.
 */
export async function startPush(
  lifecycle: Lifecycle,
  platform: LogPlatform,
  config: PushConfig,
): Promise<{ port: number }> {
  const { db, log, logger, metrics, readiness } = platform
  const head = await headPosition(db)
  const start = Math.max(await oldestCursor(db), head - preloadEvents)
  const hub = new Hub({
    metrics,
    position: start,
    ringBytes: config.RING_MB * 1024 * 1024,
    onPublished: (entry) => heartbeat.touch(entry),
  })
  const heartbeat = new Heartbeat({ hub, logger, bufferBytes: config.SOCKET_BUFFER_BYTES })
  metrics.watchBuffered(() => hub.clients.bufferedBytes())
  const marks = new MarkBuffer({ send: (batch) => log.sendMarks(batch), logger })
  lifecycle.onStop('marks', () => marks.stop())
  const follower = log.follow(start, (events) => hub.dispatch(events))
  lifecycle.onStop('log follower', () => follower.stop())
  await hub.reached(head)

  const { app, upgradeCork } = createServer({
    hub,
    metrics,
    logger,
    bufferBytes: config.SOCKET_BUFFER_BYTES,
    idleSeconds: config.STREAM_IDLE_SECONDS,
    authenticate: createAuthenticate(db, config.JWT_SECRET),
    catchUp: new CatchUp({
      db,
      hub,
      logger,
      metrics,
      findMemberships: createFindMemberships(db),
      onSent: (client) => heartbeat.ask(client),
    }),
    frames: createFrameHandler({
      hub,
      logger,
      addMark: (mark) => marks.add(mark),
      wasTargeted: (objectId, alertId) => wasTargeted(db, objectId, alertId),
      findAccountId: async (username) => (await findAccount(db, username))?.id,
      isPublicTopic: (id) => isPublicTopic(db, id),
    }),
    onDelivered: (client, position) => {
      for (const mark of deliveredMarks(client, position, new Date())) marks.add(mark)
    },
  })
  heartbeat.start()
  lifecycle.onStop('heartbeat', () => heartbeat.stop())
  lifecycle.onStop('open sockets', () => drain(hub, config.DRAIN_SECONDS, (clients) => heartbeat.askLast(clients)))
  const listener = await listen(app, config.HOST, config.PUSH_PORT)
  lifecycle.onStop('upgrade cork', () => upgradeCork.close())
  await upgradeCork.open(config.HOST, listener.port)
  lifecycle.onStop('listener', async () => {
    readiness.fail()
    await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000)
    listener.close()
  })
  return { port: listener.port }
}
