import { type Db, prepared } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import type { Alert } from './alert.ts'

export const audiences = ['missing', 'all'] as const
/** Missing: not delivered or, where the alert asks for it, not acknowledged. */
export type Audience = (typeof audiences)[number]

/** A sending of the same alert again. */
export interface Resend {
  alert_id: number
  /** 1 for the first resend. */
  round: number
  to: Audience
  created_at: Date
}

const open = {
  name: 'round_open',
  text: `
    insert into delivery_rounds (alert_id, round, channels, audience, announce, created_at)
    select $1::int, coalesce(max(round), 0) + 1, $2::text[], $3::text, $4::bool, $5::timestamptz
    from delivery_rounds where alert_id = $1
    returning alert_id, round, audience as to, created_at`,
}

/** Orders the alert to be sent again, over its channels; a worker spreads it out. Takes constant time. */
export async function resendAlert(db: Db, alert: Alert, to: Audience, clock: Clock): Promise<Resend> {
  return db.transaction(async (trx) => {
    // Rounds of one alert are numbered one after the other.
    await trx('alerts').where({ id: alert.id }).forNoKeyUpdate().first('id')
    const at = clock.now()
    const outward = alert.channels.filter((channel) => channel !== 'inbox')
    // One event reaches every inbox there is; where it must not, each inbox gets its own.
    const atOnce = to === 'all' && alert.alert_all
    if (atOnce) {
      const data = { ...item(alert), directory_version: alert.directory_version }
      await emit(trx, [{ scope: 'objects', event: 'alert.raised', data }], at)
    }
    const [round] = await prepared<Resend>(trx, open, [alert.id, outward, to, !atOnce, at])
    return round!
  })
}

const item = ({ id, text, severity, created_at }: Alert) => ({
  id,
  text,
  severity,
  created_at: created_at.toISOString(),
})

/** The alert again, for the inbox of one object. */
export const itemAgain = (alert: Alert, objectId: number): NewEvent => ({
  scope: `object:${objectId}`,
  event: 'alert.raised',
  data: item(alert),
})
