/** For `counted`. */
export const recipientWord = 'recipient'

const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })
const zoned = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, options)

/** "98%"; 100% only when nobody is left, 0% only when nobody is there. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  const share = part / whole
  if (part > 0 && share < 0.01) return `<${percents.format(0.01)}`
  if (part < whole && share > 0.99) return `>${percents.format(0.99)}`
  return percents.format(share)
}

const units: [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]

/** The two largest units of a length of time: "2 h 5 min", "45 s". */
export function lengthOfTime(ms: number): string {
  let left = Math.max(0, Math.floor(ms / 1000) * 1000)
  const first = units.findIndex(([, size]) => left >= size)
  if (first < 0) return '0 s'
  const parts: string[] = []
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${name}`)
  }
  return parts.join(' ')
}

/** "today 10:00", "tomorrow 10:00", "Mon 1 Jun, 10:00", on the clocks of a time zone; one's own without. */
export function moment(at: Date, now: Date, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = (date: Date) => zoned({ ...zone, dateStyle: 'short' }).format(date)
  const clock = zoned({ ...zone, hour: '2-digit', minute: '2-digit' }).format(at)
  if (day(at) === day(now)) return `today ${clock}`
  if (day(at) === day(new Date(now.getTime() + 86_400_000))) return `tomorrow ${clock}`
  const isThisYear = at.getFullYear() === now.getFullYear()
  const date = zoned({
    ...zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  })
  return `${date.format(at)}, ${clock}`
}
