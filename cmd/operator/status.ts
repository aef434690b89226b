import type { V1CronJob } from '@kubernetes/client-node'
import { type AlertSchedule, type AlertScheduleStatus, readyCondition } from './alert-schedule.ts'
import { nextTime } from './next-time.ts'

/** What came of bringing the CronJob in line. Reasons: docs/operator.md. */
export interface Outcome {
  ready: boolean
  reason: 'Applied' | 'Suspended' | 'Invalid' | 'NameTaken' | 'Refused' | 'Failed'
  message: string
}

/**
 * The whole status. Times are those of the CronJob as it is, so they are right while a changed AlertSchedule cannot be applied; one that
 * was deleted by hand and made again has forgotten when it ran, the status has not. Pure.
 */
export function statusOf(
  schedule: AlertSchedule,
  cronJob: V1CronJob | undefined,
  { ready, reason, message }: Outcome,
  now: Date,
): AlertScheduleStatus {
  const { status: before, metadata } = schedule
  const lastScheduleTime = timeText(cronJob?.status?.lastScheduleTime) ?? before?.lastScheduleTime
  const lastSuccessfulTime = timeText(cronJob?.status?.lastSuccessfulTime) ?? before?.lastSuccessfulTime
  const nextScheduleTime = timeText(cronJob && nextOf(cronJob, now))
  const status = ready ? 'True' : 'False'
  const condition = readyCondition(before)
  return {
    observedGeneration: metadata.generation,
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
    ...(nextScheduleTime && { nextScheduleTime }),
    conditions: [
      {
        type: 'Ready',
        status,
        observedGeneration: metadata.generation,
        lastTransitionTime: condition?.status === status ? condition.lastTransitionTime : timeText(now)!,
        reason,
        message,
      },
    ],
  }
}

const nextOf = ({ spec }: V1CronJob, now: Date) =>
  spec && !spec.suspend ? nextTime(spec.schedule, spec.timeZone ?? 'UTC', now) : undefined

/** What was listed has Dates, what was watched has strings, whatever the types say. */
const timeText = (time: Date | string | undefined) =>
  time === undefined ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`
