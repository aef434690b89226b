import { useSyncExternalStore } from 'react'

const dayMs = 86_400_000
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options)
const clock = format({ hour: '2-digit', minute: '2-digit' })
const weekday = format({ weekday: 'short' })
const dayMonth = format({ day: 'numeric', month: 'short' })
const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' })
const whole = format({ dateStyle: 'medium', timeStyle: 'medium' })
const dayName = format({ weekday: 'long', day: 'numeric', month: 'long' })
const dayNameYear = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
/** 0 today, 1 yesterday, negative in the future. */
const daysAgo = (at: Date, now: Date) => Math.round((startOfDay(now) - startOfDay(at)) / dayMs)

/** In a list: the time today, the weekday within a week, the date before that. */
export function shortTime(at: Date, now: Date): string {
  const days = daysAgo(at, now)
  if (days === 0) return clock.format(at)
  if (days > 0 && days < 7) return weekday.format(at)
  return (at.getFullYear() === now.getFullYear() ? dayMonth : dayMonthYear).format(at)
}

/** Above the messages of a day. */
export function dayTitle(at: Date, now: Date): string {
  const days = daysAgo(at, now)
  if (days === 0 || days === 1) {
    const text = relative.format(-days, 'day')
    return text[0]!.toLocaleUpperCase() + text.slice(1)
  }
  return (at.getFullYear() === now.getFullYear() ? dayName : dayNameYear).format(at)
}

/** "in 5 minutes", "2 hours ago". */
export function relativeTime(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ]
  for (const [unit, size] of units)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  return relative.format(Math.trunc(seconds), 'second')
}

export const clockTime = (at: Date): string => clock.format(at)
export const wholeTime = (at: Date): string => whole.format(at)

interface Clock {
  now: Date
  subscribe: (listener: () => void) => () => void
}

/** One for all that shows times to the same grain, however many they are. Stands still while nobody looks. */
function createClock(everyMs: number): Clock {
  const listeners = new Set<() => void>()
  let timer: ReturnType<typeof setInterval> | undefined
  const clock: Clock = {
    now: new Date(),
    subscribe(listener) {
      listeners.add(listener)
      timer ??= setInterval(() => {
        clock.now = new Date()
        for (const tell of listeners) tell()
      }, everyMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
  return clock
}

const clocks = new Map<number, Clock>()

/** The time now, to within `everyMs`. */
export function useNow(everyMs = 30_000): Date {
  const clock = clocks.get(everyMs) ?? createClock(everyMs)
  clocks.set(everyMs, clock)
  if (Date.now() - clock.now.getTime() > everyMs) clock.now = new Date()
  return useSyncExternalStore(clock.subscribe, () => clock.now)
}

const styles = {
  clock: (at: Date) => clock.format(at),
  short: shortTime,
  relative: relativeTime,
  date: (at: Date) => dayMonthYear.format(at),
  whole: wholeTime,
}

/** A time for people, and for programs; the exact one on hover. */
export function Time({ at, as = 'short' }: { at: string; as?: keyof typeof styles }) {
  const now = useNow()
  const date = new Date(at)
  return (
    <time dateTime={at} title={wholeTime(date)}>
      {styles[as](date, now)}
    </time>
  )
}
