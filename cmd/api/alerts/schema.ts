import { z } from 'zod'
import { maxListedObjects, maxTextLength, severities } from '#internal/alerts/alert'
import { rollCallStates } from '#internal/alerts/roll-call-sql'
import { int32Max, listOf, pageQuery, pathId } from '../http/pages.ts'

export const alertParams = z.strictObject({ id: pathId(int32Max) })

/** What the seed's endpoint takes as well. */
export const alertFields = {
  text: z.string().min(1).max(maxTextLength),
  object_ids: z
    .array(z.int())
    .max(maxListedObjects, `must have at most ${maxListedObjects} ids: use alert_all for more`)
    .default([])
    .describe('Duplicates count once, unknown ones are left out.'),
  alert_all: z.boolean().default(false).describe('To every object there is; `object_ids` are then ignored.'),
}

export const alertBody = z
  .strictObject({
    ...alertFields,
    severity: z.enum(severities).default(severities[0]),
    acknowledge_by: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional()
      .describe('Whoever has not acknowledged counts as missing. In the future.'),
  })
  .refine(({ alert_all, object_ids }) => alert_all || object_ids.length > 0, {
    path: ['object_ids'],
    message: 'must name an object, unless alert_all is true',
  })

export const alertSchema = z
  .strictObject({
    id: z.int(),
    text: z.string(),
    severity: z.enum(severities),
    alert_all: z.boolean(),
    number_of_objects_receiving_alert: z.int(),
    acknowledge_by: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    raised_by: z.string().describe('Username.'),
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
