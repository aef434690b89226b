import type { Schedule } from '../../api/views.ts'

/** When, as a form has it: once, or again and again, in words where they suffice and as a cron expression where not. */
export type TimingValues = {
  when: 'once' | 'again'
  /** As `<input type="datetime-local">` has it, by one's own clock. */
  at: string
  repeat: 'days' | 'month' | 'cron'
  /** `08:30`. */
  time: string
  /** Of the week, 0 is Sunday. */
  days: string[]
  /** Of the month. */
  day: string
  cron: string
  time_zone: string
}

export const weekdays = ['1', '2', '3', '4', '5', '6', '0'] as const
const everyDay = [...weekdays]

export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

export const emptyTiming = (): TimingValues => ({
  when: 'once',
  at: '',
  repeat: 'days',
  time: '09:00',
  days: everyDay,
  day: '1',
  cron: '0 9 * * 1-5',
  time_zone: ownTimeZone(),
})

export function cronOf({ repeat, time, days, day, cron }: TimingValues): string {
  if (repeat === 'cron') return cron.trim()
  const [hour, minute] = time.split(':').map(Number)
  const start = `${minute} ${hour}`
  if (repeat === 'month') return `${start} ${day} * *`
  const isEveryDay = weekdays.every((one) => days.includes(one))
  return `${start} * * ${isEveryDay ? '*' : weekdays.filter((one) => days.includes(one)).join(',')}`
}

/** The fields that say an expression; as an expression where they cannot. */
export function repeatOf(cron: string): Pick<TimingValues, 'repeat' | 'cron'> & Partial<TimingValues> {
  const parts = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\S+)$/.exec(cron.trim())
  if (!parts) return { repeat: 'cron', cron }
  const [, minute, hour, day, week] = parts as unknown as [string, string, string, string, string]
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (day !== '*') return week === '*' ? { repeat: 'month', cron, time, day } : { repeat: 'cron', cron }
  const days = daysOf(week)
  return days ? { repeat: 'days', cron, time, days } : { repeat: 'cron', cron }
}

const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** The days of a field such as `*`, `1-5`, `MON,WED`; undefined for anything else. */
function daysOf(field: string): string[] | undefined {
  if (field === '*') return everyDay
  const found = new Set<string>()
  for (const part of field.toUpperCase().split(',')) {
    const [from, to = from] = part.split('-').map((end) => (names.includes(end) ? names.indexOf(end) : Number(end)))
    if (from === undefined || to === undefined || !(from >= 0 && to <= 7 && from <= to)) return undefined
    for (let day = from; day <= to; day++) found.add(String(day % 7))
  }
  return weekdays.filter((day) => found.has(day))
}

/** What the API takes. */
export function timingBody(values: TimingValues): { at: string } | { cron: string; time_zone: string } {
  if (values.when === 'again') return { cron: cronOf(values), time_zone: values.time_zone }
  return { at: new Date(values.at).toISOString() }
}

export function timingOf({ at, cron, time_zone }: Pick<Schedule, 'at' | 'cron' | 'time_zone'>): TimingValues {
  const empty = emptyTiming()
  if (cron === null) return { ...empty, at: at === null ? '' : localInput(new Date(at)) }
  return { ...empty, when: 'again', ...repeatOf(cron), time_zone: time_zone ?? empty.time_zone }
}

export function checkTiming({
  when,
  at,
  repeat,
  time,
  days,
  day,
  cron,
}: TimingValues): Partial<Record<keyof TimingValues, string>> {
  if (when === 'once') return at === '' ? { at: 'When?' } : {}
  if (repeat === 'cron') return cron.trim() === '' ? { cron: 'When?' } : {}
  return {
    ...(time === '' && { time: 'At what time?' }),
    ...(repeat === 'days' && days.length === 0 && { days: 'On which days?' }),
    ...(repeat === 'month' && !/^([1-9]|[12]\d|3[01])$/.test(day) && { day: 'A day from 1 to 31' }),
  }
}

/** `2026-06-01T10:00`, by one's own clock. */
export function localInput(at: Date): string {
  const pad = (part: number) => String(part).padStart(2, '0')
  const date = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`
}

// The first of these days is a Sunday.
const dayNames = Array.from({ length: 7 }, (_, day) =>
  new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 1, 1 + day)),
)

export const dayName = (day: string): string => dayNames[Number(day)]!

/** "Every day at 09:00", "Monday to Friday at 09:00", "`0 9 1 1 *`". */
export function cronWords(cron: string): string {
  const { repeat, time, days = [], day } = repeatOf(cron)
  if (repeat === 'cron') return cron
  if (repeat === 'month') return `On day ${day} of the month at ${time}`
  if (days.length === 7) return `Every day at ${time}`
  if (days.join() === '1,2,3,4,5') return `Monday to Friday at ${time}`
  return `Every ${new Intl.ListFormat('en').format(days.map(dayName))} at ${time}`
}
