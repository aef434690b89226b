import { z } from 'zod'
import { alertTemplate } from '#internal/alerts/template'
import { pathId } from '../http/pages.ts'
import { time } from '../http/time.ts'
import { messageChanges } from '../messages/schema.ts'

export const scheduleParams = z.strictObject({ id: pathId() })

const name = z.string().trim().min(1).max(100)
const at = time.describe('A time in the future, for once.')
const cron = z
  .string()
  .max(200)
  .describe('Five fields: minute, hour, day of the month, month, day of the week; e.g. `30 8 * * MON-FRI`.')
const time_zone = z.string().max(64).describe('IANA time zone whose clocks the expression means, e.g. `Europe/Berlin`.')

const message = z.strictObject({ conversation_id: z.int().positive(), body: messageChanges.shape.body })

const fields = {
  at: at.optional(),
  cron: cron.optional(),
  time_zone: time_zone.optional(),
  alert: alertTemplate.optional(),
  message: message.optional(),
}

type Given = { at?: unknown; cron?: unknown; time_zone?: unknown; alert?: unknown; message?: unknown }

const notBothTimes = ({ at, cron, time_zone }: Given) => !at || (cron === undefined && time_zone === undefined)
const notBothTimesError = { path: ['at'], message: 'cannot be together with cron and time_zone' }
const notBoth = ({ alert, message }: Given) => !alert || !message
const notBothError = { path: ['message'], message: 'cannot be together with alert' }

export const scheduleBody = z
  .strictObject({ name: name.nullish(), ...fields })
  .refine(notBothTimes, notBothTimesError)
  .refine(({ at, cron }) => at || cron !== undefined, { path: ['at'], message: 'is needed, or cron with time_zone' })
  .refine(({ cron, time_zone }) => (cron === undefined) === (time_zone === undefined), {
    path: ['time_zone'],
    message: 'goes with cron',
  })
  .refine(notBoth, notBothError)
  .refine(({ alert, message }) => alert || message, { path: ['alert'], message: 'is needed, or message' })

export const scheduleChanges = z
  .strictObject({ name: name.nullish(), paused: z.boolean().optional(), ...fields })
  .refine(notBothTimes, notBothTimesError)
  .refine(notBoth, notBothError)

export const scheduleSchema = z
  .strictObject({
    id: z.int(),
    owner: z.string().describe('Username.'),
    name: z.string().nullable(),
    at: z.iso.datetime().nullable(),
    cron: z.string().nullable(),
    time_zone: z.string().nullable(),
    alert: alertTemplate.nullable(),
    message: z.strictObject({ conversation_id: z.int(), body: z.string() }).nullable(),
    paused: z.boolean(),
    next_at: z.iso.datetime().nullable().describe('null when no time comes, or while paused.'),
    last_fired_at: z.iso.datetime().nullable(),
    last_error: z.string().nullable().describe('Why the last firing failed; null when it did not.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Schedule' })
