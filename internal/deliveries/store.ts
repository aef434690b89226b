import { type Db, prepared } from '#internal/db/pool'
import type { DeliveryKey, Message, OutwardChannel } from './delivery.ts'

/** What is to go out to many objects. */
export interface NewDeliveries {
  alert: { id: number; severity: string }
  round: number
  channels: string[]
  objectIds: number[]
  at: Date
}

const insert = {
  name: 'deliveries_insert',
  text: `
    insert into deliveries (alert_id, channel, object_id, round, priority, state, due_at)
    select $1::int, c.channel, o.id, $2::int, $3::int, 'pending', $6::timestamptz
    from objects o cross join unnest($4::text[]) as c(channel)
    where o.id = any($5::int[]) and o.removed_version is null
      and (c.channel <> 'email' or o.email is not null) and (c.channel <> 'sms' or o.phone_e164 is not null)
    on conflict do nothing`,
}

/** An object without an e-mail address or a number gets no delivery by that channel. Doing it twice does it once. */
export async function enqueueDeliveries(db: Db, deliveries: NewDeliveries): Promise<void> {
  const { alert, round, channels, objectIds, at } = deliveries
  const priority = ['critical', 'warning', 'info'].indexOf(alert.severity)
  await prepared(db, insert, [alert.id, round, priority, channels, objectIds, at])
}

/** A delivery taken for an attempt. */
export interface Claim {
  /** Undefined when the object was removed meanwhile. */
  message: Message | undefined
  key: DeliveryKey
  /** This one included. */
  attempts: number
  /** Nobody else takes it before; and it tells this attempt from every other one. */
  leaseEndsAt: Date
}

interface ClaimedRow extends Omit<Message, 'id' | 'email' | 'phone_e164'> {
  attempts: number
  due_at: Date
  email: string | null
  phone_e164: string | null
}

/*
 * Of each priority those that have waited longest. The branches run in order and stop when there are enough: each is a walk from the
 * start of the index.
 */
const claim = {
  name: 'deliveries_claim',
  text: `
    with picked as materialized (
      select d.* from unnest(array[0, 1, 2]) as p(priority) cross join lateral (
        select alert_id, channel, object_id, round from deliveries
        where channel = $1 and priority = p.priority and due_at <= $2::timestamptz
        order by due_at limit $3 for update skip locked
      ) d
      limit $3
    ), claimed as (
      update deliveries d set state = 'sending', attempts = d.attempts + 1, due_at = $4::timestamptz
      from picked p
      where d.alert_id = p.alert_id and d.channel = p.channel and d.object_id = p.object_id and d.round = p.round
      returning d.*
    )
    select c.alert_id, c.channel, c.object_id, c.round, c.attempts, c.due_at, a.text, a.severity, a.raised_by, a.created_at,
      a.acknowledge_by, a.escalates, r.created_at as round_at, o.email, o.phone_e164
    from claimed c
    join alerts a on a.id = c.alert_id
    join delivery_rounds r on r.alert_id = c.alert_id and r.round = c.round
    join objects o on o.id = c.object_id`,
}

/**
 * Takes up to `limit` deliveries that are due, the most urgent first, for one attempt each. When this resolves the attempts are on
 * record, so that whatever happens to this process, they count. Two workers never take the same one.
 */
export async function claimDeliveries(
  db: Db,
  channel: OutwardChannel,
  limit: number,
  now: Date,
  leaseEndsAt: Date,
): Promise<Claim[]> {
  const rows = await prepared<ClaimedRow>(db, claim, [channel, now, limit, leaseEndsAt])
  return rows.map(({ attempts, due_at, email, phone_e164, ...row }) => {
    const { alert_id, object_id, round } = row
    const gone = email === null || phone_e164 === null
    return {
      message: gone ? undefined : { ...row, id: messageId(row), email, phone_e164 },
      key: { alert_id, object_id, round, channel },
      attempts,
      leaseEndsAt: due_at,
    }
  })
}

/** Has the time in it, so that ids that are given anew after a restore, or by another installation, are not taken for repetitions. */
const messageId = ({ alert_id, object_id, channel, round, round_at }: Omit<Message, 'id' | 'email' | 'phone_e164'>) =>
  `belfry-${alert_id}-${object_id}-${round}-${channel}-${round_at.getTime().toString(36)}`

const place = ({ alert_id, channel, object_id, round }: DeliveryKey) => ({ alert_id, channel, object_id, round })
const attempted = (db: Db, { key, leaseEndsAt }: Claim) =>
  db('deliveries').where({ ...place(key), state: 'sending', due_at: leaseEndsAt })

/** It went out, which counts also when the lease ran out before that was known. */
export async function markSent(db: Db, claimed: Claim, at: Date): Promise<void> {
  await db('deliveries')
    .where(place(claimed.key))
    .whereIn('state', ['sending', 'failed', 'pending'])
    .update({ state: 'sent', sent_at: at, due_at: null, error: null })
}

/** Another attempt comes at `dueAt`. One that does not count leaves the number of attempts as it was before. */
export async function markFailed(
  db: Db,
  claimed: Claim,
  failure: { error: string; dueAt: Date; counts: boolean },
): Promise<void> {
  await attempted(db, claimed).update({
    state: 'failed',
    error: failure.error,
    due_at: failure.dueAt,
    attempts: failure.counts ? claimed.attempts : claimed.attempts - 1,
  })
}

/** No attempt comes any more. Returns whether it was this attempt's to say. */
export async function markDead(db: Db, claimed: Claim, error: string): Promise<boolean> {
  return (await attempted(db, claimed).update({ state: 'dead', error, due_at: null })) > 0
}

/** Gives a dead delivery all its attempts again. One that is not dead, or not known, stays as it is. */
export async function reviveDelivery(db: Db, key: DeliveryKey, at: Date): Promise<void> {
  await db('deliveries')
    .where({ ...place(key), state: 'dead' })
    .update({ state: 'pending', attempts: 0, due_at: at })
}

const waiting = {
  name: 'deliveries_waiting',
  text: `select count(*) from (select from deliveries where channel = $1 and due_at is not null limit $2) d`,
}

/** How many have not come to an end, counted up to `most`. */
export async function countWaiting(db: Db, channel: OutwardChannel, most: number): Promise<number> {
  const [row] = await prepared<{ count: number }>(db, waiting, [channel, most])
  return row!.count
}
