import { headPosition } from '#internal/log/head'
import type { MarksHandler } from '#internal/log/log'
import { ensurePartitions } from '#internal/log/partitions'
import { startRelay } from '#internal/log/relay'
import type { LogPlatform } from '#internal/platform/log'
import { type Clock, systemClock } from '#internal/runtime/clock'
import type { Lifecycle } from '#internal/runtime/run'
import { startAnnouncer } from './announcer.ts'
import type { WorkerConfig } from './config.ts'
import { startDeliveries } from './deliveries.ts'
import { startGauges } from './gauges.ts'
import { applyMarks } from './marks.ts'
import { startReplays } from './replays.ts'

/** As many partitions the relay makes when it finds none for its next position; the scheduler should have been earlier. */
const partitionsAhead = 2

/**
 * Starts the worker role: the relay, what clients confirmed becoming receipts, the counts of roll-calls becoming events, alerts
 * going out by other channels than the inbox, dead letters that are to be tried again, and metrics of what the database has. Any
 * number of processes may run it. On stop each ends what it is at.
 */
export function startWorker(
  lifecycle: Lifecycle,
  platform: LogPlatform,
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
  const handleMarks: MarksHandler = (trx, batch) => applyMarks(trx, batch, clock)
  const marks = log.receiveMarks(handleMarks)
  lifecycle.onStop('marks receiver', () => marks.stop())
  const announcer = startAnnouncer(platform, clock)
  lifecycle.onStop('tally announcer', () => announcer.stop())
  const deliveries = startDeliveries(platform, config, clock)
  lifecycle.onStop('deliveries', () => deliveries.stop())
  const replays = startReplays(platform, handleMarks, clock)
  lifecycle.onStop('replays', () => replays.stop())
  const gauges = startGauges(platform, clock)
  lifecycle.onStop('gauges', () => gauges.stop())
  return { wake: () => relay.wake() }
}
