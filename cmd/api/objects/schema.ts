import { z } from 'zod'
import { parsePhone } from '#internal/alerts/object'
import { int32Max, pathId } from '../http/pages.ts'

export const objectParams = z.strictObject({ id: pathId(int32Max) })

/** `country` is that of numbers without a country code. */
export const objectBody = (country: string) =>
  z.strictObject({
    email: z.email().max(254),
    phone_number: z
      .string()
      .max(50)
      .refine((text) => parsePhone(text, country) !== undefined, 'is not a phone number')
      .describe(`International (+1 212 555 1234), or as it is dialled in ${country}.`),
  })

export const objectSchema = z
  .strictObject({
    id: z.int(),
    email: z.string(),
    phone_number: z.string().describe('As it was given.'),
    phone_e164: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Object' })

const line = z.string().max(1000)

/** What is wrong with one of them keeps that one out only, hence the wide fields. */
export const importBody = z.strictObject({
  objects: z
    .array(z.strictObject({ email: line, phone_number: line }))
    .min(1)
    .max(1000),
  dry_run: z.boolean().default(false).describe('Only say what would become of them.'),
})

export const importSchema = z
  .strictObject({
    created: z.int(),
    duplicates: z.int().describe('Those that an object, or one before them, has already: the same email and number.'),
    bad: z.array(z.strictObject({ index: z.int().describe('Place in `objects`, from 0.'), problem: z.string() })),
  })
  .meta({ id: 'Import' })

export const inboxTokenSchema = z.strictObject({ token: z.string().describe('`bx_...`, shown this once.') })
