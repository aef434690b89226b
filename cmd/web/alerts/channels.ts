import type { Alert } from '../api/views.ts'

export type Channel = Alert['channels'][number]
export type OutwardChannel = Exclude<Channel, 'inbox'>

export const channelWord: Record<Channel, string> = { inbox: 'Inbox', email: 'E-mail', sms: 'SMS', webhook: 'Webhook' }

/** "Inbox, e-mail and SMS". */
export function channelWords(channels: readonly Channel[]): string {
  const words = channels.map((channel, index) =>
    index > 0 && channel !== 'sms' ? channelWord[channel].toLowerCase() : channelWord[channel],
  )
  return new Intl.ListFormat('en').format(words)
}
