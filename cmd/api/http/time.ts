import { z } from 'zod'

/** A time that a client names, RFC 3339 with any offset, as a Date. None that would be shown with a year of five digits. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((date) => date.getUTCFullYear() <= 9999, 'must be before the year 10000')
