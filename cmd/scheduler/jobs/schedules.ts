import { raiseAlert } from '#internal/alerts/alert-store'
import { raiseFrom } from '#internal/alerts/template'
import { attached } from '#internal/attachments/store'
import { postMessage } from '#internal/conversations/post'
import { requireMember } from '#internal/conversations/require-member'
import { type Effects, fireDue } from '#internal/schedules/fire'
import { deleteFirings } from '#internal/schedules/firing-store'
import type { Job } from './job.ts'

const dayMs = 24 * 60 * 60 * 1000

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

const effects: Effects = {
  async raiseAlert(trx, owner, content, now) {
    await raiseAlert(trx, raiseFrom(content, owner.username, now), { now: () => now })
  },

  async postMessage(trx, owner, { conversation_id, body }, now) {
    // Whoever left a public topic does not come back by a schedule.
    await requireMember(trx, conversation_id, owner)
    await postMessage(trx, owner, conversation_id, { body }, now, attached)
  },
}
