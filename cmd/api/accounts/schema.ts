import { z } from 'zod'
import { audiences, passwordMaxBytes, roles, usernamePattern } from '#internal/accounts/account'
import { totpPattern } from '#internal/accounts/totp-codes'

export const username = z
  .string()
  .regex(usernamePattern, 'must be 1 to 64 letters, digits, dots, dashes or underscores, and not me')
  .describe(
    '1 to 64 letters, digits, `.`, `_` and `-`, the first a letter or digit; not `me`. Unique whatever the case.',
  )

const email = z.email().max(254)
const personName = z.string().trim().min(1).max(100)
const twitterName = z.string().regex(/^[A-Za-z0-9_]{1,50}$/, 'must be 1 to 50 letters, digits or underscores')

const whoMayMessage = z.enum(audiences).describe('Who may start a direct conversation with the account.')

const fits = (password: string) => Buffer.byteLength(password) <= passwordMaxBytes

/** A password that is sent to be checked. */
export const password = z
  .string()
  .min(1)
  .max(passwordMaxBytes)
  .refine(fits, `must have at most ${passwordMaxBytes} bytes`)

/** A password that is to be set. */
export const newPassword = (minLength: number) =>
  z
    .string()
    .min(minLength)
    .max(passwordMaxBytes)
    // Characters that people see as one may be two in a JavaScript string.
    .refine((text) => [...text].length >= minLength, `must have at least ${minLength} characters`)
    .refine(fits, `must have at most ${passwordMaxBytes} bytes`)

export const registration = (minLength: number) =>
  z.strictObject({
    username,
    password: newPassword(minLength),
    email: email.nullish(),
    first_name: personName.nullish(),
    last_name: personName.nullish(),
  })

export const profileChanges = z.strictObject({
  email: email.nullish(),
  first_name: personName.nullish(),
  last_name: personName.nullish(),
  twitter_username: twitterName.nullish(),
  who_may_message: whoMayMessage.optional(),
})

export const twitterChange = z.strictObject({ twitter_username: twitterName.nullable() })

export const accountChanges = z.strictObject({
  role: z.enum(roles).optional(),
  disabled: z.boolean().optional(),
  totp_enabled: z.literal(false).optional().describe('Only false: for an account that has lost its codes.'),
})

/** The code of an authenticator. */
export const totpCode = z.string().regex(totpPattern, 'must be 6 digits')

export const credentials = z.strictObject({
  username: z.string().min(1).max(64),
  password,
  totp: totpCode.optional().describe('Needed where the account has TOTP enabled, else ignored.'),
})

/** A username in a path: one that cannot exist answers 404. */
export const usernameParams = z.strictObject({ username: z.string().regex(usernamePattern) })

const account = {
  id: z.int(),
  username: z.string(),
  role: z.enum(roles),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  twitter_username: z.string().nullable(),
  created_at: z.iso.datetime(),
}

export const accountSchema = z
  .strictObject({
    ...account,
    email: z.string().nullable().optional().describe('Only for the account itself and for admins.'),
    disabled: z.boolean().optional().describe('Only for admins.'),
    totp_enabled: z.boolean().optional().describe('Only for admins.'),
  })
  .meta({ id: 'Account' })

export const meSchema = z
  .strictObject({
    ...account,
    email: z.string().nullable(),
    who_may_message: whoMayMessage,
    totp_enabled: z.boolean().describe('Whether logging in asks for a code.'),
  })
  .meta({ id: 'Me' })

export const sessionSchema = z
  .strictObject({
    id: z.int(),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    current: z.boolean().describe('Whether this request was made with it.'),
  })
  .meta({ id: 'Session' })

export const loginSchema = z
  .strictObject({
    token: z.string().describe('64 hex digits, shown this once.'),
    expires_at: z.iso.datetime(),
    account: meSchema,
  })
  .meta({ id: 'Login' })

export const ticketSchema = z.strictObject({ ticket: z.string(), expires_at: z.iso.datetime() }).meta({ id: 'Ticket' })
