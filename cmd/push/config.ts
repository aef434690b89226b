import type { SettingValue } from '#internal/config/settings'
import type { PlatformConfig } from '#internal/platform/start'

/** What push reads besides what every process reads. */
export const pushSettings = [
  'PUSH_PORT',
  'JWT_SECRET',
  'SOCKET_BUFFER_BYTES',
  'RING_MB',
  'STREAM_IDLE_SECONDS',
  'DRAIN_SECONDS',
] as const

export type PushConfig = PlatformConfig & { readonly [N in (typeof pushSettings)[number]]: SettingValue<N> }
