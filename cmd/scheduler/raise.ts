import { z } from 'zod'
import { raiseOnce } from '#internal/alerts/raise-once'
import { alertTemplate, raiseFrom } from '#internal/alerts/template'
import { PlainError } from '#internal/runtime/plain-error'
import { isUsable } from '#internal/runtime/usable'
import type { Job } from './jobs/job.ts'

export interface RaiseConfig {
  /** JSON: `{"raised_by": text, "not_before": time, if any, "alert": as schedules of the API take it}`. */
  readonly ALERT: string
  /** The name of the Job, which Kubernetes makes of that of the CronJob and the due time. */
  readonly ALERT_KEY: string
}

const order = z.strictObject({
  raised_by: z.string().min(1).max(300).refine(isUsable, 'must not contain NUL or lone surrogates'),
  not_before: z.iso.datetime().optional(),
  alert: alertTemplate,
})
const minuteMs = 60_000

/**
 * Raises the alert of an AlertSchedule for one due time, which the key stands for: however often it runs, it raises one; for a due time
 * before `not_before` none. No timer runs it; the operator's CronJobs do.
 * @throws PlainError about BELFRY_ALERT
 */
export const raise =
  ({ ALERT, ALERT_KEY }: RaiseConfig): Job =>
  async ({ db, clock }) => {
    const { raised_by, not_before, alert } = parseOrder(ALERT)
    const dueAt = dueTime(ALERT_KEY)
    if (not_before && dueAt && dueAt < new Date(not_before)) return { raised: 0, passed_over: 1 }
    const { alertId, objects, isNew } = await raiseOnce(db, ALERT_KEY, raiseFrom(alert, raised_by, clock.now()), clock)
    return { raised: isNew ? 1 : 0, alert: alertId, objects }
  }

/** Names of Jobs that a CronJob made end in minutes since 1970. */
function dueTime(key: string): Date | undefined {
  const minutes = /-(\d{8,9})$/.exec(key)?.[1]
  return minutes === undefined ? undefined : new Date(Number(minutes) * minuteMs)
}

function parseOrder(text: string): z.output<typeof order> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new PlainError('BELFRY_ALERT is not JSON.')
  }
  const result = order.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')} ${message}`.trim())
  throw new PlainError(`BELFRY_ALERT is not valid: ${problems.join('; ')}.`)
}
