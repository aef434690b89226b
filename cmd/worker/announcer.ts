import { announceTallies } from '#internal/alerts/tallies'
import type { Platform } from '#internal/platform/start'
import type { Clock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'

/** The contract says at most about one event a second for each alert, however fast its receipts come. */
const intervalMs = 1000

/** Emits the new counts of roll-calls that moved, once a second. */
export function startAnnouncer(
  { db, logger, metrics }: Pick<Platform, 'db' | 'logger' | 'metrics'>,
  clock: Clock,
): Loop {
  return new Loop({
    turn: async () => ((await announceTallies(db, clock)) > 0 ? 'some' : 'none'),
    idle: { minMs: intervalMs, maxMs: intervalMs },
    onError: failedTurns({ logger, metrics }, 'tallies', 'roll-call counts were not announced, trying again'),
  }).start()
}
