import { Cron } from 'croner'
import { invalidField } from '#internal/runtime/problem'
import type { Timing } from './schedule.ts'

const minuteMs = 60_000

/*
 * Due times by the clocks of a time zone. When clocks go forward, a time that is skipped is due in the first minute after the gap;
 * when they go back, a fixed time is due once, the first time it comes, and `*` or steps in the hour are due in both hours.
 */

const parse = (cron: string, time_zone: string) => new Cron(cron, { timezone: time_zone, mode: '5-part' })

/** The first due time after `after`; null when none comes. */
export function nextDue(timing: Timing, after: Date): Date | null {
  if (timing.at) return timing.at > after ? timing.at : null
  return parse(timing.cron, timing.time_zone).nextRun(after)
}

/** @throws 422 about `at`, `cron` or `time_zone` when it could never fire. */
export function checkTiming(timing: Timing, now: Date): void {
  if (timing.at) {
    if (timing.at <= now) throw invalidField('at', 'must be in the future')
    return
  }
  if (!isTimeZone(timing.time_zone)) throw invalidField('time_zone', 'must be an IANA time zone, e.g. Europe/Berlin')
  if (timing.cron.trim().split(/\s+/).length !== 5)
    throw invalidField('cron', 'must have five fields: minute, hour, day of the month, month, day of the week')
  let next: Date | null
  try {
    next = nextDue(timing, now)
  } catch {
    throw invalidField('cron', 'is not a cron expression')
  }
  if (!next) throw invalidField('cron', 'names no time that ever comes')
}

function isTimeZone(name: string): boolean {
  // Offsets such as +02:00, which Intl takes as well, are no places.
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/** What to do with a schedule whose `next_at` has come. */
export interface Plan {
  /** The due time to fire for; null when all are too old. */
  due: Date | null
  /** Due times that are passed over, the first and the last of them. */
  skipped: { from: Date; until: Date } | null
  /** The first due time in the future; null when none comes. */
  next: Date | null
}

/**
 * A time that is named alone fires however late. Of a recurring one the latest due time fires, if not older than `catchUpMs`, and the
 * ones before it are passed over: nobody wants ten reminders at once after a night without power.
 */
export function planFiring(timing: Timing, nextAt: Date, now: Date, catchUpMs: number): Plan {
  if (timing.at) return { due: nextAt, skipped: null, next: null }
  const cron = parse(timing.cron, timing.time_zone)
  const next = cron.nextRun(now)
  // Due times are whole minutes; those before this one, exclusive, are the ones up to the minute that it is.
  const justAfter = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs + 1000)
  const [latest = nextAt, before = nextAt] = cron.previousRuns(2, justAfter)
  const due = latest > nextAt ? latest : nextAt
  if (now.getTime() - due.getTime() > catchUpMs) return { due: null, skipped: { from: nextAt, until: due }, next }
  const skipped = due > nextAt ? { from: nextAt, until: before > nextAt ? before : nextAt } : null
  return { due, skipped, next }
}
