import type { SettingValue } from '#internal/config/settings'

export interface SchedulerConfig {
  readonly RETENTION_DAYS: SettingValue<'RETENTION_DAYS'>
}

/** What the process of its own reads: it runs one job and has no ports. */
export const processSettings = ['DATABASE_URL', 'LOG_LEVEL', 'RETENTION_DAYS'] as const
