import { spreadNext } from '#internal/alerts/spread'
import { type DeliveryConfig, type DeliveryTimes, deliveryTimes, startCouriers } from '#internal/deliveries/start'
import { enqueueDeliveries } from '#internal/deliveries/store'
import type { Platform } from '#internal/platform/start'
import type { Clock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import { failedTurns } from '#internal/telemetry/failed-turns'

/** Spreads alerts out to their objects, and sends them by the channels that are configured. */
export function startDeliveries(
  { db, logger, metrics }: Pick<Platform, 'db' | 'logger' | 'metrics'>,
  config: DeliveryConfig,
  clock: Clock,
  times: DeliveryTimes = deliveryTimes,
): { stop(): Promise<void> } {
  const couriers = startCouriers({ db, logger, metrics, clock }, config, times)
  const spreader = new Loop({
    async turn() {
      const found = await spreadNext(db, enqueueDeliveries, clock)
      if (found !== 'none') couriers.wake()
      return found
    },
    idle: { minMs: Math.min(50, times.pollMs), maxMs: times.pollMs },
    onError: failedTurns({ logger, metrics }, 'spread', 'an alert was not spread out, trying again'),
  }).start()
  return {
    async stop() {
      await spreader.stop()
      await couriers.stop()
    },
  }
}
