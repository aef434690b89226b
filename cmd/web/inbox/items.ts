import type { InboxAlert, InboxReceipt } from '#internal/client/index'
import type { InboxItem } from '../api/views.ts'

/** An alert in the inbox. `sent_again` is the last position at which it came, after its first. */
export type Item = Omit<InboxItem, 'position' | 'delivered_at'> & { position: number; sent_again?: number }

/** By the alert's id. */
export type Items = ReadonlyMap<number, Item>

export const itemsOf = (items: readonly InboxItem[]): Items =>
  new Map(
    items.map(({ delivered_at: _, position, ...item }) => [item.id, { ...item, position: position ?? 0 }] as const),
  )

/** With an alert, which may be there already: it was sent again, or the connection told it twice. */
export function withAlert(items: Items, alert: InboxAlert): Items {
  const known = items.get(alert.id)
  if (known && alert.position <= (known.sent_again ?? known.position)) return items
  const item = known ? { ...known, sent_again: alert.position } : { ...alert, read_at: null, acknowledged_at: null }
  return new Map(items).set(alert.id, item)
}

/** With what the server has confirmed. Times that are there never change. */
export function withReceipt(items: Items, { alert_id, read_at, acknowledged_at }: InboxReceipt): Items {
  const known = items.get(alert_id)
  if (!known) return items
  const next = {
    ...known,
    read_at: known.read_at ?? read_at,
    acknowledged_at: known.acknowledged_at ?? acknowledged_at,
  }
  return next.read_at === known.read_at && next.acknowledged_at === known.acknowledged_at
    ? items
    : new Map(items).set(alert_id, next)
}

/** The newest first. */
export const inOrder = (items: Items): Item[] => [...items.values()].sort((a, b) => b.id - a.id)

/** Where the stream goes on after what REST has answered; undefined for its beginning. */
export function cursorOf(items: Items): number | undefined {
  const last = Math.max(0, ...[...items.values()].map(({ position }) => position))
  return last > 0 ? last : undefined
}

/** Whether somebody should be called: it is new or was sent again, and is not acknowledged. */
export const isCall = (before: Items, after: Items, id: number): boolean =>
  before !== after && after.get(id)?.acknowledged_at === null
