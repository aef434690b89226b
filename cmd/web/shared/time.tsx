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

const tickMs = 30_000
let tick = new Date()
const tickers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for all times that are shown. */
function subscribe(ticker: () => void): () => void {
  tickers.add(ticker)
  timer ??= setInterval(() => {
    tick = new Date()
    for (const listener of tickers) listener()
  }, tickMs)
  return () => {
    tickers.delete(ticker)
    if (tickers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time now, to half a minute. */
export function useNow(): Date {
  // It stood still while nobody looked.
  if (Date.now() - tick.getTime() > tickMs) tick = new Date()
  return useSyncExternalStore(subscribe, () => tick)
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
