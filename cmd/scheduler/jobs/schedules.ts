import { raiseAlert } from '#internal/alerts/alert-store'
import { attach, attachmentsOf, removeAttachmentsOf } from '#internal/attachments/store'
import type { Attached } from '#internal/conversations/attached'
import { postMessage } from '#internal/conversations/post'
import { requireMember } from '#internal/conversations/require-member'
import { type Effects, fireDue } from '#internal/schedules/fire'
import { deleteFirings } from '#internal/schedules/firing-store'
import type { Job } from './job.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Fires the schedules that are due, each once, and forgets firings that are older than the retention. */
export const schedules: Job = async ({ db, clock, config, logger }) => {
  const counts = await fireDue(db, {
    ...effects,
    clock,
    catchUpMinutes: config.SCHEDULE_CATCH_UP_MINUTES,
    onError: (error, schedule) => logger.warn({ error, schedule }, 'schedule failed, trying again'),
  })
  await deleteFirings(db, new Date(clock.now().getTime() - config.RETENTION_DAYS * dayMs))
  return counts
}

const attached: Attached = { attach, attachmentsOf, removeAttachmentsOf }

const effects: Effects = {
  async raiseAlert(trx, owner, content, now) {
    const { text, severity, alert_all, object_ids, acknowledge_within_minutes, channels, escalate_to } = content
    const raise = {
      text,
      severity,
      alertAll: alert_all,
      objectIds: object_ids,
      acknowledgeBy: acknowledge_within_minutes
        ? new Date(now.getTime() + acknowledge_within_minutes * minuteMs)
        : null,
      raisedBy: owner.username,
      ...(channels && { channels }),
      ...(escalate_to && { escalateTo: escalate_to }),
    }
    await raiseAlert(trx, raise, { now: () => now })
  },

  async postMessage(trx, owner, { conversation_id, body }, now) {
    // Whoever left a public topic does not come back by a schedule.
    await requireMember(trx, conversation_id, owner)
    await postMessage(trx, owner, conversation_id, { body }, now, attached)
  },
}
