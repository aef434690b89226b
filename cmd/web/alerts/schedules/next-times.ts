import { Problem } from '#internal/runtime/problem'
import { checkTiming, nextDue } from '#internal/schedules/due'
import type { Timing } from '#internal/schedules/schedule'
import { cronOf, checkTiming as incomplete, type TimingValues } from './timing.ts'

const shown = 3

/** When it would fire, by the very rules of the server; or why never, once it is filled in. */
export function nextTimes(values: TimingValues, now: Date): { times: Date[]; problem?: string } {
  if (Object.keys(incomplete(values)).length > 0) return { times: [] }
  const timing: Timing =
    values.when === 'once'
      ? { at: new Date(values.at), cron: null, time_zone: null }
      : { at: null, cron: cronOf(values), time_zone: values.time_zone }
  try {
    checkTiming(timing, now)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { times: [], problem: error.errors?.map(({ path, message }) => `${words[path]} ${message}`).join('; ') ?? '' }
  }
  const times: Date[] = []
  for (let next = nextDue(timing, now); next && times.length < shown; next = nextDue(timing, next)) times.push(next)
  return { times }
}

const words: Record<string, string> = { at: 'The time', cron: 'This', time_zone: 'The time zone' }
