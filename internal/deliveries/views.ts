import { outwardChannels } from './delivery.ts'
import type { DeliveryCounts, ListedDelivery } from './list-store.ts'

export const deliveryView = (delivery: ListedDelivery) => ({
  object_id: delivery.object_id,
  channel: delivery.channel,
  round: delivery.round,
  to: delivery.to,
  state: delivery.state,
  attempts: delivery.attempts,
  // While an attempt runs, `due_at` is the end of its lease.
  next_attempt_at: (delivery.state !== 'sending' && delivery.due_at?.toISOString()) || null,
  sent_at: delivery.sent_at?.toISOString() ?? null,
  error: delivery.error,
})

/** With zeros for those of the alert's channels that have no deliveries. */
export const countsView = ({ byChannel, complete }: DeliveryCounts, channels: readonly string[]) => ({
  counts: outwardChannels
    .filter((channel) => channels.includes(channel))
    .map((channel) => ({ channel, ...none, ...byChannel.get(channel) })),
  complete,
})

const none = { pending: 0, sending: 0, sent: 0, failed: 0, dead: 0 }
