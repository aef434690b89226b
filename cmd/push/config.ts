import { type Environment, readConfig } from '#internal/config/read'
import { platformSettings } from '#internal/platform/start'

export const pushSettings = [
  ...platformSettings,
  'PUSH_PORT',
  'JWT_SECRET',
  'SOCKET_BUFFER_BYTES',
  'RING_MB',
  'STREAM_IDLE_SECONDS',
  'DRAIN_SECONDS',
] as const

export const readPushConfig = (env: Environment) => readConfig(env, pushSettings)
export type PushConfig = ReturnType<typeof readPushConfig>
