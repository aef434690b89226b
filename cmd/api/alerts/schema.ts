import { z } from 'zod'
import { channels, severities } from '#internal/alerts/alert'
import { alertFields, alertOptions, goesToSomebody, goesToSomebodyError } from '#internal/alerts/fields'
import { audiences } from '#internal/alerts/resend'
import { rollCallStates } from '#internal/alerts/roll-call-sql'
import { deliveryStates, outwardChannels } from '#internal/deliveries/delivery'
import { int32Max, listOf, pageQuery, pathId } from '../http/pages.ts'
import { time } from '../http/time.ts'

export const alertParams = z.strictObject({ id: pathId(int32Max) })

export const alertBody = z
  .strictObject({
    ...alertFields,
    ...alertOptions,
    acknowledge_by: time
      .optional()
      .describe(
        'Whoever has not acknowledged counts as missing, and the alert is sent to them again then. In the future.',
      ),
  })
  .refine(({ acknowledge_by, escalate_to }) => acknowledge_by || !escalate_to, {
    path: ['escalate_to'],
    message: 'needs acknowledge_by',
  })
  .refine(goesToSomebody, goesToSomebodyError)

export const alertSchema = z
  .strictObject({
    id: z.int(),
    text: z.string(),
    severity: z.enum(severities),
    alert_all: z.boolean(),
    number_of_objects_receiving_alert: z.int(),
    acknowledge_by: z.iso.datetime().nullable(),
    channels: z.array(z.enum(channels)).describe('`inbox` first.'),
    escalates: z
      .int()
      .nullable()
      .describe('The alert that was not acknowledged in time, where this one is about that.'),
    created_at: z.iso.datetime(),
    raised_by: z.string().describe('Username; of an AlertSchedule in Kubernetes `alertschedule/` and its name.'),
  })
  .meta({ id: 'Alert' })

/** When an alert reached each state, null if it has not. */
export const timesFields = {
  delivered_at: z.iso.datetime().nullable(),
  read_at: z.iso.datetime().nullable(),
  acknowledged_at: z.iso.datetime().nullable(),
}

export const rollCallQuery = z.object({
  ...pageQuery.shape,
  state: z
    .enum(rollCallStates)
    .default('targeted')
    .describe('Those who reached it. Missing: not delivered or, with acknowledge_by, not acknowledged.'),
})

const rollCallItem = z.strictObject({
  object_id: z.int(),
  email: z.string().nullable().describe('null for an object that was removed.'),
  ...timesFields,
})

export const rollCallSchema = z
  .strictObject({
    counts: z
      .strictObject({ targeted: z.int(), delivered: z.int(), read: z.int(), acknowledged: z.int() })
      .describe('Of the whole alert. Acknowledged implies read, read implies delivered.'),
    ...listOf(rollCallItem).shape,
  })
  .meta({ id: 'RollCall' })

export const resendBody = z.strictObject({
  to: z
    .enum(audiences)
    .describe('Missing: not delivered to their inbox or, with acknowledge_by, not acknowledged when it is their turn.'),
})

export const resendSchema = z
  .strictObject({
    alert_id: z.int(),
    round: z.int().describe('1 for the first resend of the alert.'),
    to: z.enum(audiences),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Resend' })

export const deliveriesQuery = z.object({
  ...pageQuery.shape,
  channel: z.enum(outwardChannels).optional(),
  state: z.enum(deliveryStates).optional(),
})

const deliveryItem = z.strictObject({
  object_id: z.int(),
  channel: z.enum(outwardChannels),
  round: z.int().describe('0 for the raise, 1 for the first resend.'),
  to: z
    .string()
    .nullable()
    .describe("The object's address or number now; null by webhook and for one that was removed."),
  state: z.enum(deliveryStates).describe('failed: another attempt comes; dead: none comes.'),
  attempts: z.int(),
  next_attempt_at: z.iso.datetime().nullable(),
  sent_at: z.iso.datetime().nullable(),
  error: z.string().nullable().describe('Why the last attempt failed.'),
})

const stateCounts = Object.fromEntries(deliveryStates.map((state) => [state, z.int()])) as Record<
  (typeof deliveryStates)[number],
  z.ZodInt
>

export const deliveriesSchema = z
  .strictObject({
    counts: z
      .array(z.strictObject({ channel: z.enum(outwardChannels), ...stateCounts }))
      .describe('Of the whole alert, for each of its channels.'),
    complete: z.boolean().describe('false while there are objects that the counts do not have yet.'),
    ...listOf(deliveryItem).shape,
  })
  .meta({ id: 'Deliveries' })
