import { z } from 'zod'
import { channels, maxListedObjects, maxTextLength, severities } from './alert.ts'

const objectIds = z
  .array(z.int())
  .max(maxListedObjects, `must have at most ${maxListedObjects} ids: use alert_all for more`)

/** What the seed's endpoint takes as well. */
export const alertFields = {
  text: z.string().min(1).max(maxTextLength),
  object_ids: objectIds.default([]).describe('Duplicates count once, unknown ones are left out.'),
  alert_all: z.boolean().default(false).describe('To every object there is; `object_ids` are then ignored.'),
}

export const alertOptions = {
  severity: z.enum(severities).default(severities[0]),
  escalate_to: objectIds
    .min(1, 'must name an object')
    .optional()
    .describe('Objects that get an alert of their own instead when somebody has not acknowledged by then.'),
  channels: z
    .array(z.enum(channels))
    .max(20)
    .default(['inbox'])
    .describe('Ways to reach the objects. `inbox` is always one of them; the others must be configured.'),
}

export const goesToSomebody = ({ alert_all, object_ids }: { alert_all: boolean; object_ids: number[] }) =>
  alert_all || object_ids.length > 0
export const goesToSomebodyError = { path: ['object_ids'], message: 'must name an object, unless alert_all is true' }
