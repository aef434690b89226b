import { type DeliveryKey, outwardChannels } from '#internal/deliveries/delivery'
import { reviveDelivery } from '#internal/deliveries/store'
import type { Mark } from '#internal/events/mark'
import type { MarksHandler } from '#internal/log/log'
import { type ReplayHandler, replayTurn } from '#internal/log/replays'
import type { Platform } from '#internal/platform/start'
import type { Clock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'

const pollMs = 1000

/**
 * Tries dead letters again that somebody asked for: marks, deliveries, and events, for which `groups` are the handlers of the consumer groups that this worker runs, by name:
 * `replayEvent(handler)` makes one.
 */
export function startReplays(
  { db, logger, metrics }: Pick<Platform, 'db' | 'logger' | 'metrics'>,
  handleMarks: MarksHandler,
  clock: Clock,
  groups: ReadonlyMap<string, ReplayHandler> = new Map(),
): Loop {
  const handlers = new Map([...groups, ...ownHandlers(handleMarks, clock)])
  return new Loop({
    turn: () => replayTurn(db, handlers),
    idle: { minMs: pollMs, maxMs: pollMs },
    onError: failedTurns({ logger, metrics }, 'replays', 'dead letters were not replayed, trying again'),
  }).start()
}

function ownHandlers(handleMarks: MarksHandler, clock: Clock): [source: string, handler: ReplayHandler][] {
  const deliver: ReplayHandler = (trx, key: DeliveryKey) => reviveDelivery(trx, key, clock.now())
  return [
    ['marks', (trx, mark: Mark) => handleMarks(trx, [mark])],
    ...outwardChannels.map((channel): [string, ReplayHandler] => [`delivery:${channel}`, deliver]),
  ]
}
