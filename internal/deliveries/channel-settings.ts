import type { SettingValue } from '#internal/config/settings'
import type { OutwardChannel } from './delivery.ts'

/** Settings that say how alerts leave. */
export const channelSettings = [
  'SMTP_URL',
  'MAIL_FROM',
  'SMS_PROVIDER',
  'SMS_URL',
  'SMS_FROM',
  'SMS_ACCOUNT',
  'SMS_TOKEN',
  'WEBHOOK_URL',
  'WEBHOOK_SECRET',
] as const
export type ChannelSetting = (typeof channelSettings)[number]

export type ChannelConfig = { readonly [N in ChannelSetting]?: SettingValue<N> }

/** The settings, without prefix, that a channel lacks; none when it can be used. */
export function missingSettings(channel: OutwardChannel, config: ChannelConfig): ChannelSetting[] {
  return neededSettings(channel, config).filter((name) => config[name] === undefined)
}

function neededSettings(channel: OutwardChannel, config: ChannelConfig): ChannelSetting[] {
  if (channel === 'email') return ['SMTP_URL', 'MAIL_FROM']
  if (channel === 'webhook') return ['WEBHOOK_URL', 'WEBHOOK_SECRET']
  return config.SMS_PROVIDER === 'twilio' ? ['SMS_URL', 'SMS_FROM', 'SMS_ACCOUNT', 'SMS_TOKEN'] : ['SMS_URL']
}
