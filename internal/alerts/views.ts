import type { Alert } from './alert.ts'
import type { InboxItem } from './inbox-store.ts'
import type { AlertObject } from './object.ts'
import type { Counts, RollCallItem } from './roll-call-store.ts'

export const objectView = ({ id, email, phone_number, phone_e164, created_at }: AlertObject) => ({
  id,
  email,
  phone_number,
  phone_e164,
  created_at: created_at.toISOString(),
})

/** The event `alert.raised` has the same fields; it is made in SQL (alert-sql.ts). */
export const alertView = (alert: Alert) => ({
  id: alert.id,
  text: alert.text,
  severity: alert.severity,
  alert_all: alert.alert_all,
  number_of_objects_receiving_alert: alert.number_of_objects_receiving_alert,
  acknowledge_by: alert.acknowledge_by?.toISOString() ?? null,
  channels: alert.channels,
  escalates: alert.escalates,
  created_at: alert.created_at.toISOString(),
  raised_by: alert.raised_by,
})

interface Times {
  delivered_at: Date | null
  read_at: Date | null
  acknowledged_at: Date | null
}

export const timesView = ({ delivered_at, read_at, acknowledged_at }: Times) => ({
  delivered_at: delivered_at?.toISOString() ?? null,
  read_at: read_at?.toISOString() ?? null,
  acknowledged_at: acknowledged_at?.toISOString() ?? null,
})

export const countsView = ({ targeted, delivered, read, acknowledged }: Counts) => ({
  targeted,
  delivered,
  read,
  acknowledged,
})

export const rollCallItemView = (item: RollCallItem) => ({
  object_id: item.object_id,
  email: item.email,
  ...timesView(item),
})

export const inboxItemView = (item: InboxItem) => ({
  id: item.id,
  text: item.text,
  severity: item.severity,
  created_at: item.created_at.toISOString(),
  position: item.position,
  ...timesView(item),
})
