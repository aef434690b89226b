import { Refused, textOf } from '../api/problem.ts'

/** The password is right, and a code is wanted as well. */
export const isCodeWanted = (error: unknown): boolean => error instanceof Refused && error.code === 'totp_required'

/** Why somebody is not let in, for them to read; with the time to wait where there is one. */
export function whyNot(error: unknown): string {
  if (!(error instanceof Refused) || error.retryAfter === undefined) return textOf(error)
  return `${textOf(error)} Try again ${inTime(error.retryAfter)}.`
}

/** The same for a code: the API does not say which of password and code is wrong, but the password was right a moment ago. */
export function whyNotByCode(error: unknown): string {
  const isWrong = error instanceof Refused && error.code === 'invalid_credentials'
  return isWrong ? 'This code is wrong, or was used already: wait for the next one.' : whyNot(error)
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** "in 20 seconds", "in 15 minutes": never less than it is. */
const inTime = (seconds: number) =>
  seconds < 90 ? relative.format(Math.ceil(seconds), 'second') : relative.format(Math.ceil(seconds / 60), 'minute')
