import type { Db } from '#internal/db/pool'
import { invalidField, Problem } from '#internal/runtime/problem'
import { checkTiming, nextDue } from './due.ts'
import {
  type Content,
  maxSchedules,
  mayScheduleAlerts,
  maySee,
  type Owner,
  type Schedule,
  type Timing,
} from './schedule.ts'
import { deleteSchedule, findSchedule, insertSchedule, lockSchedule, updateSchedule } from './store.ts'

export type NewSchedule = Timing & Content & { name: string | null }

export interface Changes {
  name?: string | null | undefined
  paused?: boolean | undefined
  /** Replaces the time, or the expression with its time zone, whichever it was; a time zone alone changes a recurring one. */
  at?: Date | undefined
  cron?: string | undefined
  time_zone?: string | undefined
  /** Must be of the schedule's own kind. */
  content?: Content
}

/** Whether the account may post into the conversation. @throws 403 or 404 when not */
export type CheckConversation = (db: Db, account: Owner, conversationId: number) => Promise<void>

const notFound = () => new Problem('not_found', 'schedule_not_found', 'There is no such schedule.')
export const alertsForbidden = () => new Problem('forbidden', 'forbidden', 'Only dispatchers schedule alerts.')

/** @throws 403 and 404 about what is to be sent, 409 `too_many_schedules`, 422 about the time */
export function createSchedule(
  db: Db,
  owner: Owner,
  { name, ...schedule }: NewSchedule,
  { now, checkConversation }: { now: Date; checkConversation: CheckConversation },
): Promise<Schedule> {
  checkTiming(schedule, now)
  return db.transaction(async (trx) => {
    await checkContent(trx, owner, schedule, checkConversation)
    const row = { ...schedule, owner_id: owner.id, name, next_at: nextDue(schedule, now), created_at: now }
    const id = await insertSchedule(trx, row, maxSchedules)
    if (id === undefined)
      throw new Problem('conflict', 'too_many_schedules', `An account has at most ${maxSchedules} schedules.`)
    return (await findSchedule(trx, id)) as Schedule
  })
}

async function checkContent(db: Db, owner: Owner, { kind, content }: Content, check: CheckConversation): Promise<void> {
  if (kind === 'message') await check(db, owner, content.conversation_id)
  else if (!mayScheduleAlerts(owner)) throw alertsForbidden()
}

/** @throws 404 when there is none that the caller may see */
export async function getSchedule(db: Db, caller: Owner, id: number): Promise<Schedule> {
  const schedule = await findSchedule(db, id)
  if (!schedule || !maySee(schedule, caller)) throw notFound()
  return schedule
}

/** @throws 404; 403 for another account's message or lost rights; 422 for a time that does not come or content of the other kind */
export function changeSchedule(
  db: Db,
  caller: Owner,
  id: number,
  { name, paused, content, ...times }: Changes,
  { now, checkConversation }: { now: Date; checkConversation: CheckConversation },
): Promise<Schedule> {
  return db.transaction(async (trx) => {
    const before = await lockSchedule(trx, id)
    if (!before || !maySee(before, caller)) throw notFound()
    if (content) {
      if (content.kind !== before.kind) throw invalidField(content.kind, `is not what this schedule sends`)
      // Its words would appear under the owner's name.
      if (content.kind === 'message' && before.owner_id !== caller.id)
        throw new Problem('forbidden', 'forbidden', 'Only its owner changes what a schedule says.')
      await checkContent(trx, caller, content, checkConversation)
    }
    const timing = changedTiming(before, times)
    const isPaused = paused ?? before.paused
    const changes = {
      ...(name !== undefined && { name }),
      ...(content && { content: content.content }),
      ...(timing ?? {}),
      paused: isPaused,
    }
    // A time alone that passed while it was paused is not made up for: it takes a new one.
    if (timing || (before.paused && !isPaused)) checkTiming(timing ?? before, now)
    const isMoved = timing !== undefined || isPaused !== before.paused
    const next_at = isPaused ? null : isMoved ? nextDue(timing ?? before, now) : before.next_at
    await updateSchedule(trx, id, { ...changes, next_at })
    return (await findSchedule(trx, id)) as Schedule
  })
}

/** The new timing; undefined when it stays. */
function changedTiming(
  before: Timing,
  { at, cron, time_zone }: Pick<Changes, 'at' | 'cron' | 'time_zone'>,
): Timing | undefined {
  if (at) return { at, cron: null, time_zone: null }
  if (cron === undefined && time_zone === undefined) return undefined
  const expression = cron ?? before.cron
  if (expression === null) throw invalidField('cron', 'is needed with a time zone')
  const zone = time_zone ?? before.time_zone
  if (zone === null) throw invalidField('time_zone', 'is needed with a cron expression')
  return { at: null, cron: expression, time_zone: zone }
}

/** @throws 404 when there is none that the caller may see */
export async function removeSchedule(db: Db, caller: Owner, id: number): Promise<void> {
  await getSchedule(db, caller, id)
  await deleteSchedule(db, id)
}
