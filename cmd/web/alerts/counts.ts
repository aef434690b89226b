import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Alert, RollCall } from '../api/views.ts'
import type { FedQuery } from '../live/fed.ts'

export type Counts = RollCall['counts']

/** How many an alert has reached, as the stream says it. */
export const countsQuery = (alertId: number): FedQuery<Counts> => ({
  queryKey: ['alerts', alertId, 'counts'],
  load: async (signal) => (await api.get<RollCall>(`/alerts/${alertId}/roll-call?limit=1`, { signal })).counts,
  reduce: (counts, event) => reduceCounts(counts, event, alertId),
})

/** Counts only grow, so those of an event that REST has overtaken are dropped. */
export function reduceCounts(counts: Counts, { event, data }: StreamEvent, alertId: number): Counts {
  if (event !== 'alert.receipt_advanced') return counts
  const advanced = data as { alert_id: number; counts: Counts }
  return advanced.alert_id === alertId && sum(advanced.counts) > sum(counts) ? advanced.counts : counts
}

const sum = ({ delivered, read, acknowledged }: Counts) => delivered + read + acknowledged

/** As the API means it: whose inbox did not get it or, where the alert asks for it, who have not acknowledged. */
export const missingOf = ({ acknowledge_by }: Pick<Alert, 'acknowledge_by'>, counts: Counts): number =>
  counts.targeted - (acknowledge_by === null ? counts.delivered : counts.acknowledged)

/** Disjoint shares of the bar, from the most certain on; together they are everybody. */
export const sharesOf = ({ targeted, delivered, read, acknowledged }: Counts) => ({
  acknowledged,
  read: read - acknowledged,
  delivered: delivered - read,
  unreached: targeted - delivered,
})
