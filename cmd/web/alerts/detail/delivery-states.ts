import type { Deliveries } from '../../api/views.ts'
import type { OutwardChannel } from '../channels.ts'

export type DeliveryState = Deliveries['items'][number]['state']

/** In the order in which a delivery goes through them. */
export const deliveryStates: readonly { state: DeliveryState; word: string }[] = [
  { state: 'pending', word: 'Waiting' },
  { state: 'sending', word: 'Sending' },
  { state: 'sent', word: 'Sent' },
  { state: 'failed', word: 'Trying again' },
  { state: 'dead', word: 'Given up' },
]

export const deliveriesKey = (alertId: number) => ['alerts', alertId, 'deliveries']

export interface Picked {
  channel: OutwardChannel
  state: DeliveryState
}

/** Whether the counts will still move by themselves. */
export const isUnderWay = ({ complete, counts }: Pick<Deliveries, 'complete' | 'counts'>): boolean =>
  !complete || counts.some(({ pending, sending, failed }) => pending + sending + failed > 0)

/** What somebody should look at first: what was given up, then what fails. */
export function worst({ counts }: Pick<Deliveries, 'counts'>): Picked | null {
  for (const state of ['dead', 'failed'] as const)
    for (const one of counts) if (one[state] > 0) return { channel: one.channel, state }
  return null
}
