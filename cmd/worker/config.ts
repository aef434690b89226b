import type { PlatformConfig } from '#internal/platform/start'

/** The role needs nothing of its own; the relay opens a connection besides the pool. */
export type WorkerConfig = Pick<PlatformConfig, 'DATABASE_URL'>
