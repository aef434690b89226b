import { applyMarks } from '#internal/alerts/receipts'
import { headPosition } from '#internal/log/head'
import { ensurePartitions } from '#internal/log/partitions'
import { startRelay } from '#internal/log/relay'
import type { Platform } from '#internal/platform/start'
import { type Clock, systemClock } from '#internal/runtime/clock'
import type { Lifecycle } from '#internal/runtime/run'
import { startAnnouncer } from './announcer.ts'
import type { WorkerConfig } from './config.ts'

/** As many partitions the relay makes when it finds none for its next position; the scheduler should have been earlier. */
const partitionsAhead = 2

/**
 * Starts the worker role: the relay, what clients confirmed becoming receipts, and the counts of roll-calls becoming events.
 * Any number of processes may run it. On stop each ends what it is at.
 */
export function startWorker(
  lifecycle: Lifecycle,
  platform: Platform,
  config: WorkerConfig,
  clock: Clock = systemClock,
): { wake(): void } {
  const { db, log, logger, metrics, pollMs } = platform
  const relay = startRelay({
    url: config.DATABASE_URL,
    log,
    logger,
    metrics,
    pollMs,
    makePartitions: async () => ensurePartitions(db, (await headPosition(db)) + 1, partitionsAhead),
  })
  lifecycle.onStop('relay', () => relay.stop())
  const marks = log.receiveMarks((trx, batch) => applyMarks(trx, batch, clock))
  lifecycle.onStop('marks receiver', () => marks.stop())
  const announcer = startAnnouncer(platform, clock)
  lifecycle.onStop('tally announcer', () => announcer.stop())
  return { wake: () => relay.wake() }
}
