import { storageSettings } from '#internal/attachments/storage'
import type { SettingValue } from '#internal/config/settings'
import { type ChannelConfig, type ChannelSetting, channelSettings } from '#internal/deliveries/channel-settings'

/** Settings of the role `api`, besides those of every process. */
export const apiSettings = [
  'JWT_SECRET',
  'SESSION_DAYS',
  'JWT_MINUTES',
  'PASSWORD_MIN_LENGTH',
  'REGISTRATION',
  'LOGIN_FAILURES',
  'TRUSTED_PROXIES',
  'RATE_LIMIT_PER_MINUTE',
  'RATE_LIMIT_ADDRESS_PER_MINUTE',
  'REGISTRATIONS_PER_HOUR',
  'STATUS_HOURS',
  'MESSAGES_DAYS',
  'PHONE_COUNTRY',
  'X_API_TOKEN',
  'ATTACHMENT_MB',
  'GRAFANA_URL',
  ...storageSettings,
  ...channelSettings,
] as const

type Own = Exclude<(typeof apiSettings)[number], ChannelSetting>
export type ApiConfig = { readonly [N in Own]: SettingValue<N> } & ChannelConfig
