import type { Knex } from 'knex'
import type { SettingValue } from '#internal/config/settings'
import type { Clock } from '#internal/runtime/clock'
import { Loop } from '#internal/runtime/loop'
import type { Logger } from '#internal/telemetry/log'
import type { Metrics } from '#internal/telemetry/metrics'
import type { ChannelConfig } from './channel-settings.ts'
import { Courier } from './courier.ts'
import { outwardChannels } from './delivery.ts'
import { createSenders } from './senders.ts'
import { countWaiting } from './store.ts'

export type DeliveryConfig = ChannelConfig & {
  readonly DELIVERY_ATTEMPTS: SettingValue<'DELIVERY_ATTEMPTS'>
  readonly DELIVERY_CONCURRENCY: SettingValue<'DELIVERY_CONCURRENCY'>
}

/** Milliseconds. */
export interface DeliveryTimes {
  /** The pause after the first failed attempt; it doubles up to `maxRetryMs`. */
  retryMs: number
  maxRetryMs: number
  attemptTimeoutMs: number
  leaseMs: number
  graceMs: number
  pollMs: number
}

export const deliveryTimes: DeliveryTimes = {
  retryMs: 15_000,
  maxRetryMs: 60 * 60_000,
  attemptTimeoutMs: 20_000,
  leaseMs: 60_000,
  graceMs: 5000,
  pollMs: 500,
}

export interface DeliveryDeps {
  db: Knex
  logger: Logger
  metrics: Metrics
  clock: Clock
}

const gaugeMs = 15_000
/** Counting further would cost more than the number is worth. */
const countedMost = 100_000

export interface Couriers {
  /** Something may be due. */
  wake(): void
  stop(): Promise<void>
}

/** Starts a courier for each channel that is configured. What waits for another channel waits until that is configured. */
export function startCouriers(deps: DeliveryDeps, config: DeliveryConfig, times = deliveryTimes): Couriers {
  const slots = config.DELIVERY_CONCURRENCY
  const rules = { attempts: config.DELIVERY_ATTEMPTS, baseMs: times.retryMs, maxMs: times.maxRetryMs }
  const couriers = createSenders(config, slots).map(
    (sender) => new Courier({ ...deps, ...times, sender, rules, slots }),
  )
  const gauge = startGauge(deps)
  return {
    wake() {
      for (const courier of couriers) courier.wake()
    },
    async stop() {
      await Promise.all([gauge, ...couriers].map((part) => part.stop()))
    },
  }
}

function startGauge({ db, metrics, logger }: DeliveryDeps): Loop {
  return new Loop({
    async turn() {
      for (const channel of outwardChannels)
        metrics.deliveriesWaiting.set({ channel }, await countWaiting(db, channel, countedMost))
      return 'none'
    },
    idle: { minMs: gaugeMs, maxMs: gaugeMs },
    onError: (error) => logger.debug({ error }, 'waiting deliveries were not counted'),
  }).start()
}
