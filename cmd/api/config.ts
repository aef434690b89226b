import type { SettingValue } from '#internal/config/settings'

/** Settings of the role `api`, besides those of every process. */
export const apiSettings = [
  'JWT_SECRET',
  'SESSION_DAYS',
  'JWT_MINUTES',
  'PASSWORD_MIN_LENGTH',
  'REGISTRATION',
  'LOGIN_FAILURES',
  'TRUSTED_PROXIES',
  'STATUS_HOURS',
  'PHONE_COUNTRY',
] as const

export type ApiConfig = { readonly [N in (typeof apiSettings)[number]]: SettingValue<N> }
