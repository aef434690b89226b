import type { Db } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import { deleteStatus, type Status, statusOf, takeExpired, upsertStatus } from './store.ts'

const hourMs = 60 * 60 * 1000
const batchSize = 500

export interface Owner {
  id: number
  username: string
}

export interface StatusView {
  status: string | null
  expires_at: string | null
}

export const statusView = ({ status, expires_at }: Status): StatusView => ({
  status,
  expires_at: expires_at?.toISOString() ?? null,
})

const none: Status = { status: null, expires_at: null }

function statusEvent(event: 'status.set' | 'status.expired', owner: Owner, status: Status): NewEvent {
  return { scope: `status:${owner.id}`, event, data: { username: owner.username, ...statusView(status) } }
}

/** Sets the owner's status for `hours`, whatever was there. */
export function setStatus(
  db: Db,
  owner: Owner,
  { text, now, hours }: { text: string; now: Date; hours: number },
): Promise<Status> {
  const status = { status: text, expires_at: new Date(now.getTime() + hours * hourMs) }
  return db.transaction(async (trx) => {
    await upsertStatus(trx, { account_id: owner.id, ...status })
    await emit(trx, [statusEvent('status.set', owner, status)], now)
    return status
  })
}

/** Takes the owner's status back. Without one nothing happens and nobody is told. */
export async function clearStatus(db: Db, owner: Owner, now: Date): Promise<void> {
  await db.transaction(async (trx) => {
    if (await deleteStatus(trx, owner.id, now)) await emit(trx, [statusEvent('status.set', owner, none)], now)
  })
}

/** By the clock: an expired status is none, whether or not the scheduler has taken it out yet. */
export const getStatus = statusOf

/** Deletes expired statuses and tells who watches them, batch by batch. Returns how many. Safe to run twice at once. */
export async function expireStatuses(db: Db, clock: Clock): Promise<number> {
  const now = clock.now()
  for (let total = 0; ; ) {
    const taken = await db.transaction(async (trx) => {
      const rows = await takeExpired(trx, now, batchSize)
      const events = rows.map((row) =>
        statusEvent('status.expired', { id: row.account_id, username: row.username }, none),
      )
      await emit(trx, events, now)
      return rows.length
    })
    total += taken
    if (taken < batchSize) return total
  }
}
