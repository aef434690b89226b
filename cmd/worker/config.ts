import { channelSettings } from '#internal/deliveries/channel-settings'
import type { DeliveryConfig } from '#internal/deliveries/start'
import type { PlatformConfig } from '#internal/platform/start'

/** Settings of the role `worker`, besides those of every process. */
export const workerSettings = [...channelSettings, 'DELIVERY_ATTEMPTS', 'DELIVERY_CONCURRENCY'] as const

/** The relay opens a connection besides the pool. */
export type WorkerConfig = Pick<PlatformConfig, 'DATABASE_URL'> & DeliveryConfig
