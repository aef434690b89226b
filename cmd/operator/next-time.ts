import { Cron } from 'croner'

const minuteMs = 60_000
/** Clocks go back by two hours at most, in Antarctica. */
const longestRepeat = 120

/**
 * The first time after `after` at which Kubernetes runs a CronJob: the first whole minute that the clocks of the time zone show as the
 * expression says. So a time in the hour that is left out when clocks go forward does not come, and one in the hour that is repeated
 * comes twice. Undefined when none comes, and for an expression or a zone that is none.
 */
export function nextTime(schedule: string, timeZone: string, after: Date): Date | undefined {
  try {
    // Sloppy: `5/20`, from minute 5 on.
    const cron = new Cron(schedule, { timezone: timeZone, mode: '5-part', sloppyRanges: true, paused: true })
    return next(cron, after)
  } catch {
    return undefined
  }
}

function next(cron: Cron, after: Date): Date | undefined {
  let time = cron.nextRun(after)
  // croner moves times that are left out to the end of the gap.
  while (time && !cron.match(time)) time = cron.nextRun(time)
  // And it passes over the second of two equal times, which cannot be later than this.
  const from = Math.floor(after.getTime() / minuteMs) * minuteMs
  for (let minute = 1; minute <= longestRepeat; minute++) {
    const candidate = new Date(from + minute * minuteMs)
    if (time && candidate >= time) break
    if (cron.match(candidate)) return candidate
  }
  return time ?? undefined
}
