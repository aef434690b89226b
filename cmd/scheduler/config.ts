import { storageSettings } from '#internal/attachments/storage'
import type { SettingValue } from '#internal/config/settings'

/** Settings of the role `scheduler`. */
export const schedulerSettings = [
  'RETENTION_DAYS',
  'SCHEDULE_CATCH_UP_MINUTES',
  'X_API_URL',
  'X_API_TOKEN',
  'FEED_ALLOW_PRIVATE',
  ...storageSettings,
] as const

export type SchedulerConfig = { readonly [N in (typeof schedulerSettings)[number]]: SettingValue<N> }

/** What the process of its own reads: it runs one job and has no ports. */
export const processSettings = ['DATABASE_URL', 'LOG_LEVEL', ...schedulerSettings] as const

/** What the job `raise` reads besides. */
export const raiseSettings = ['ALERT', 'ALERT_KEY'] as const
