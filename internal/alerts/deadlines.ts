import type { Knex } from 'knex'
import type { Clock } from '#internal/runtime/clock'
import { type Alert, maxTextLength } from './alert.ts'
import { raiseAlert } from './alert-store.ts'
import { resendAlert } from './resend.ts'
import { countRollCall, listRollCall } from './roll-call-store.ts'

/**
 * What came of a deadline. `escalated`: a new alert to those whom the alert names for that. `resent`: the same one again to the
 * missing. `met`: everybody had acknowledged.
 */
export type DeadlineResult = 'escalated' | 'resent' | 'met'

const batchSize = 1000

/**
 * Deals with the deadlines that have passed, at most 1000 of them: each once, whoever else does, and whenever this is killed. Where somebody has not acknowledged,
 * a new alert goes to those whom the alert names for that, or, where it names nobody who still exists, the same one again to the
 * missing. One that fails does not hold up the others, and is tried again by the next run.
 * @throws AggregateError of what failed, after the rest was done.
 */
export async function passDeadlines(db: Knex, clock: Clock): Promise<Record<DeadlineResult, number>> {
  const counts = { escalated: 0, resent: 0, met: 0 }
  const errors: unknown[] = []
  const now = clock.now()
  const due = await db('alert_deadlines').where('at', '<=', now).orderBy('at').limit(batchSize).pluck('alert_id')
  for (const id of due) {
    const result = await db.transaction((trx) => passDeadline(trx, id, clock)).catch((error) => void errors.push(error))
    if (result) counts[result]++
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} deadlines could not be dealt with`)
  return counts
}

/** The deadline that has not been dealt with and comes, or came, first; undefined when there is none. */
export async function oldestDeadline(db: Knex): Promise<Date | undefined> {
  const row = await db('alert_deadlines').orderBy('at').first('at')
  return row?.at
}

/** Undefined when another process has dealt, or is dealing, with it. */
async function passDeadline(trx: Knex.Transaction, alertId: number, clock: Clock): Promise<DeadlineResult | undefined> {
  const deadline = await trx('alert_deadlines').where({ alert_id: alertId }).forUpdate().skipLocked().first()
  if (!deadline) return undefined
  await trx('alert_deadlines').where({ alert_id: alertId }).delete()
  const alert: Alert = await trx('alerts').where({ id: alertId }).first()
  if (!(await isSomebodyMissing(trx, alert))) return 'met'
  const escalateTo: number[] = deadline.escalate_to ?? []
  const known = await trx('objects').whereIn('id', escalateTo).whereNull('removed_version').first('id')
  if (!known) {
    await resendAlert(trx, alert, 'missing', clock)
    return 'resent'
  }
  const { targeted, acknowledged } = await countRollCall(trx, alert)
  await raiseAlert(
    trx,
    {
      text: escalationText(alert, targeted - acknowledged, targeted),
      severity: alert.severity,
      alertAll: false,
      objectIds: escalateTo,
      acknowledgeBy: null,
      raisedBy: alert.raised_by,
      channels: alert.channels,
      escalates: alert.id,
    },
    clock,
  )
  return 'escalated'
}

/** Whether an object that was not removed since has yet to acknowledge. */
async function isSomebodyMissing(trx: Knex.Transaction, alert: Alert): Promise<boolean> {
  for (let after = 0; ; ) {
    const page = await listRollCall(trx, alert, 'missing', after, batchSize)
    if (page.some((item) => item.email !== null)) return true
    if (page.length < batchSize) return false
    after = page.at(-1)!.object_id
  }
}

/** The alert's text with the reason in front, cut to what an alert may hold. */
export function escalationText({ id, text }: Pick<Alert, 'id' | 'text'>, missing: number, targeted: number): string {
  const full = `[Escalation: ${missing} of ${targeted} have not acknowledged alert ${id}] ${text}`
  // Never half of a surrogate pair.
  return full.slice(0, maxTextLength).replace(/[\ud800-\udbff]$/, '')
}
