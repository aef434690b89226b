import type { Knex } from 'knex'
import { type Db, prepared } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import type { InboxMark } from '#internal/events/mark'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import { isIntId } from './object.ts'
import { advanceReceipts, deliverUpTo, lockObjects } from './receipts-sql.ts'
import { moveTallies, Steps } from './tallies.ts'
import { timesView } from './views.ts'

type DeliveredMark = Extract<InboxMark, { kind: 'delivered' }>
type AlertMark = Exclude<InboxMark, DeliveredMark>

interface Advanced {
  alert_id: number
  object_id: number
  newly_delivered: boolean
  newly_read: boolean
  newly_acknowledged: boolean
  delivered_at: Date
  read_at: Date
  acknowledged_at: Date | null
}

// Keeps one insert of events below the 65,535 parameters that PostgreSQL takes.
const eventsPerInsert = 5000

/**
 * Applies what clients confirmed: receipts, tallies, marks and events, in a constant number of statements. Marks may be late,
 * repeated, in any order, and applied by several processes at once: each state is entered once, with the first time that came.
 * Marks of unknown or removed objects, or of alerts that do not target the object, change nothing.
 */
export async function applyMarks(trx: Knex.Transaction, marks: InboxMark[], clock: Clock): Promise<void> {
  const possible = marks.filter((mark) => isIntId(mark.object_id))
  const ids = [...new Set(possible.map((mark) => mark.object_id))]
  const present = new Set((await prepared<{ id: number }>(trx, lockObjects, [ids])).map((row) => row.id))
  const valid = possible.filter((mark) => present.has(mark.object_id))
  const steps = new Steps()
  // Reads before deliveries: what one batch both reads and delivers was delivered when it was read, at the latest.
  await advance(trx, valid.filter(isAlertMark), steps, clock)
  await deliver(trx, valid.filter(isDeliveredMark), steps)
  // Last, since every batch about the same alert waits for the same row.
  await moveTallies(trx, steps)
}

const isDeliveredMark = (mark: InboxMark): mark is DeliveredMark =>
  mark.kind === 'delivered' && Number.isSafeInteger(mark.position)
const isAlertMark = (mark: InboxMark): mark is AlertMark => mark.kind !== 'delivered' && isIntId(mark.alert_id)

async function advance(db: Db, marks: AlertMark[], steps: Steps, clock: Clock): Promise<void> {
  if (marks.length === 0) return
  const rows = await prepared<Advanced>(db, advanceReceipts, [
    marks.map((mark) => mark.alert_id),
    marks.map((mark) => mark.object_id),
    marks.map((mark) => mark.kind === 'acknowledged'),
    marks.map((mark) => mark.at),
  ])
  for (const row of rows) {
    if (row.newly_delivered) steps.add(row.alert_id, 'delivered')
    if (row.newly_read) steps.add(row.alert_id, 'read')
    if (row.newly_acknowledged) steps.add(row.alert_id, 'acknowledged')
  }
  const events = rows.map(advancedEvent)
  for (let i = 0; i < events.length; i += eventsPerInsert)
    await emit(db, events.slice(i, i + eventsPerInsert), clock.now())
}

const advancedEvent = (row: Advanced): NewEvent => ({
  scope: `object:${row.object_id}`,
  event: 'alert.receipt_advanced',
  data: { alert_id: row.alert_id, ...timesView(row) },
})

async function deliver(db: Db, marks: DeliveredMark[], steps: Steps): Promise<void> {
  if (marks.length === 0) return
  const rows = await prepared<{ alert_id: number; delivered: number }>(db, deliverUpTo, [
    marks.map((mark) => mark.object_id),
    marks.map((mark) => mark.position),
    marks.map((mark) => mark.at),
  ])
  for (const row of rows) steps.add(row.alert_id, 'delivered', row.delivered)
}
