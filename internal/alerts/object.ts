import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

/** A recipient of alerts; the word is the seed's. */
export interface AlertObject {
  id: number
  email: string
  /** As it was given. */
  phone_number: string
  phone_e164: string
  created_at: Date
}

/** objects.id and alerts.id are PostgreSQL's `int`. A number beyond can only be unknown, and must not reach a query. */
export const isIntId = (id: number): boolean => Number.isInteger(id) && id > 0 && id <= 2_147_483_647

/**
 * The number in E.164, or undefined when it is none. Without a country code it is one of `country`, two capital letters.
 *
 * The rules are the small metadata's: length and leading digits of the country. The full metadata knows which ranges are handed
 * out, but last year's release does not know this year's, and a number refused is a person who is not reached.
 */
export function parsePhone(text: string, country: string): string | undefined {
  const fallback: CountryCode | undefined = isSupportedCountry(country) ? country : undefined
  const parsed = parsePhoneNumberFromString(text, { ...(fallback && { defaultCountry: fallback }), extract: false })
  return parsed?.isValid() ? parsed.number : undefined
}
