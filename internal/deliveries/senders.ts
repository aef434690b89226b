import { type ChannelConfig, missingSettings } from './channel-settings.ts'
import { type OutwardChannel, outwardChannels, type Sender } from './delivery.ts'
import { createEmail } from './email.ts'
import { createSms } from './sms.ts'
import { createWebhook } from './webhook.ts'

/** A sender for each channel whose settings are there. `connections`: attempts at once of each. */
export function createSenders(config: ChannelConfig, connections: number): Sender[] {
  const make: Record<OutwardChannel, () => Sender> = {
    email: () => createEmail({ url: config.SMTP_URL!, from: config.MAIL_FROM!, connections }),
    sms: () => createSms(config),
    webhook: () => createWebhook({ url: config.WEBHOOK_URL!, secret: config.WEBHOOK_SECRET! }),
  }
  return outwardChannels
    .filter((channel) => missingSettings(channel, config).length === 0)
    .map((channel) => make[channel]())
}
