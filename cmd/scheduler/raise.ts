import { z } from 'zod'
import { raiseOnce } from '#internal/alerts/raise-once'
import { alertTemplate, raiseFrom } from '#internal/alerts/template'
import { PlainError } from '#internal/runtime/plain-error'
import type { Job } from './jobs/job.ts'

export interface RaiseConfig {
  /** JSON: `{"raised_by": text, "alert": as schedules of the API take it}`. */
  readonly ALERT: string
  readonly ALERT_KEY: string
}

const order = z.strictObject({ raised_by: z.string().min(1).max(300), alert: alertTemplate })

/**
 * Raises the alert of an AlertSchedule for one due time, which the key stands for: however often it runs, it raises one. No timer runs it;
 * the operator's CronJobs do.
 * @throws PlainError about BELFRY_ALERT
 */
export const raise =
  ({ ALERT, ALERT_KEY }: RaiseConfig): Job =>
  async ({ db, clock }) => {
    const { raised_by, alert } = parseOrder(ALERT)
    const { alertId, objects, isNew } = await raiseOnce(db, ALERT_KEY, raiseFrom(alert, raised_by, clock.now()), clock)
    return { raised: isNew ? 1 : 0, alert: alertId, objects }
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
