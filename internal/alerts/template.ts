import { z } from 'zod'
import { isUsable } from '#internal/runtime/usable'
import type { Channel, Raise, Severity } from './alert.ts'
import { alertFields, alertOptions, goesToSomebody, goesToSomebodyError } from './fields.ts'

const minuteMs = 60_000

/** An alert that is raised later, perhaps again and again: its deadline counts from when it is raised. */
export interface AlertTemplate {
  text: string
  severity: Severity
  alert_all: boolean
  object_ids: number[]
  acknowledge_within_minutes?: number | undefined
  channels?: Channel[] | undefined
  escalate_to?: number[] | undefined
}

export const alertTemplate = z
  .strictObject({
    ...alertFields,
    ...alertOptions,
    acknowledge_within_minutes: z
      .int()
      .min(1)
      .max(10_080)
      .optional()
      .describe('Sets `acknowledge_by` of each alert, counted from when it is raised.'),
  })
  .refine(({ acknowledge_within_minutes, escalate_to }) => acknowledge_within_minutes || !escalate_to, {
    path: ['escalate_to'],
    message: 'needs acknowledge_within_minutes',
  })
  .refine(goesToSomebody, goesToSomebodyError)
  .refine(({ text }) => isUsable(text), { path: ['text'], message: 'must not contain NUL or lone surrogates' })

/** The alert to raise now. */
export function raiseFrom(template: AlertTemplate, raisedBy: string, now: Date): Raise {
  const { text, severity, alert_all, object_ids, acknowledge_within_minutes, channels, escalate_to } = template
  return {
    text,
    severity,
    alertAll: alert_all,
    objectIds: object_ids,
    acknowledgeBy: acknowledge_within_minutes ? new Date(now.getTime() + acknowledge_within_minutes * minuteMs) : null,
    raisedBy,
    ...(channels && { channels }),
    ...(escalate_to && { escalateTo: escalate_to }),
  }
}
