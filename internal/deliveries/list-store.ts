import { type Db, prepared } from '#internal/db/pool'
import type { Delivery, DeliveryState, OutwardChannel } from './delivery.ts'

export interface ListedDelivery extends Delivery {
  /** The object's address or number now; null by webhook, and when the object was removed. */
  to: string | null
}

export interface DeliveryFilter {
  channel?: OutwardChannel | undefined
  state?: DeliveryState | undefined
}

/** The place of a delivery in the list of its alert. */
export type DeliveryPlace = [channel: OutwardChannel, objectId: number, round: number]

/** By channel, object and round; those after `after`. Each filter has an index that it is a walk along. */
export async function listDeliveries(
  db: Db,
  alertId: number,
  filter: DeliveryFilter,
  after: DeliveryPlace | undefined,
  limit: number,
): Promise<ListedDelivery[]> {
  const query = db('deliveries as d')
    .leftJoin('objects as o', 'o.id', 'd.object_id')
    .where('d.alert_id', alertId)
    .orderBy(['d.channel', 'd.object_id', 'd.round'])
    .limit(limit)
    .select('d.*', db.raw(`case d.channel when 'email' then o.email when 'sms' then o.phone_e164 end as "to"`))
  if (filter.channel) query.where('d.channel', filter.channel)
  if (filter.state) query.where('d.state', filter.state)
  if (after) query.whereRaw('(d.channel, d.object_id, d.round) > (?, ?, ?)', after)
  return query
}

export type StateCounts = Record<DeliveryState, number>

export interface DeliveryCounts {
  byChannel: Map<OutwardChannel, StateCounts>
  /** False while a worker has yet to find some of those whom it goes to. */
  complete: boolean
}

const count = {
  name: 'deliveries_count',
  text: `select channel, state, count(*) as count from deliveries where alert_id = $1 group by channel, state`,
}
const unfinished = {
  name: 'rounds_unfinished',
  text: `select exists (select from delivery_rounds where alert_id = $1 and done_at is null) as open`,
}

/** Of the whole alert. */
export async function countDeliveries(db: Db, alertId: number): Promise<DeliveryCounts> {
  // In this order: what is complete now was complete when it was counted, or is found not to be.
  const [rounds] = await prepared<{ open: boolean }>(db, unfinished, [alertId])
  const rows = await prepared<{ channel: OutwardChannel; state: DeliveryState; count: number }>(db, count, [alertId])
  const byChannel = new Map<OutwardChannel, StateCounts>()
  for (const { channel, state, count: found } of rows) {
    const counts = byChannel.get(channel) ?? { pending: 0, sending: 0, sent: 0, failed: 0, dead: 0 }
    counts[state] = found
    byChannel.set(channel, counts)
  }
  return { byChannel, complete: !rounds!.open }
}
