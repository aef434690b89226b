import type { Knex } from 'knex'
import { type Db, prepared } from '#internal/db/pool'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import type { Found } from '#internal/runtime/loop'
import type { Alert, Channel } from './alert.ts'
import { type Audience, itemAgain } from './resend.ts'
import { listRollCall } from './roll-call-store.ts'

/** Stores deliveries of a round to these objects, in the caller's transaction; doing it twice does it once. */
export type Enqueue = (trx: Db, round: RoundPart) => Promise<void>

export interface RoundPart {
  alert: Pick<Alert, 'id' | 'severity'>
  round: number
  channels: Channel[]
  objectIds: number[]
  at: Date
}

interface Round {
  alert_id: number
  round: number
  channels: Channel[]
  audience: Audience
  announce: boolean
  after_object_id: number
}

const chunkSize = 1000

// The most urgent first: it need not wait until a million others are spread out.
const next = {
  name: 'round_next',
  text: `
    select r.alert_id, r.round, r.channels, r.audience, r.announce, r.after_object_id
    from delivery_rounds r join alerts a on a.id = r.alert_id
    where r.done_at is null
    order by array_position('{critical,warning,info}', a.severity), r.created_at, r.alert_id, r.round
    limit 1 for update of r skip locked`,
}

/**
 * Spreads the next open round out to the next objects among its audience, in the order of ids. Rows, inbox events and the place that was
 * reached commit together: a worker may be killed anywhere, and any number may work at once.
 */
export async function spreadNext(db: Knex, enqueue: Enqueue, clock: Clock, size = chunkSize): Promise<Found> {
  return db.transaction(async (trx) => {
    const [round] = await prepared<Round>(trx, next, [])
    if (!round) return 'none'
    const at = clock.now()
    const alert: Alert = await trx('alerts').where({ id: round.alert_id }).first()
    const state = round.audience === 'all' ? 'targeted' : 'missing'
    const items = await listRollCall(trx, alert, state, round.after_object_id, size)
    // A removed object has no e-mail address: there is nobody to send to.
    const objectIds = items.filter((item) => item.email !== null).map((item) => item.object_id)
    if (objectIds.length > 0 && round.announce)
      await emit(
        trx,
        objectIds.map((id) => itemAgain(alert, id)),
        at,
      )
    if (objectIds.length > 0 && round.channels.length > 0)
      await enqueue(trx, { alert, round: round.round, channels: round.channels, objectIds, at })
    const done = items.length < size
    await trx('delivery_rounds')
      .where({ alert_id: round.alert_id, round: round.round })
      .update({ after_object_id: items.at(-1)?.object_id ?? round.after_object_id, done_at: done ? at : null })
    return 'more'
  })
}
