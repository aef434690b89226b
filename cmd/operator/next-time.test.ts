import assert from 'node:assert/strict'
import { nextTime } from './next-time.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The times in (from, to]. */
function timesBetween(schedule: string, zone: string, from: string, to: string): string[] {
  const times: string[] = []
  for (let at = nextTime(schedule, zone, new Date(from)); at && at <= new Date(to); at = nextTime(schedule, zone, at))
    times.push(at.toISOString().slice(5, 16))
  return times
}

describe('the next time of a CronJob', () => {
  it('is by the clocks of the time zone', () => {
    const times = timesBetween('0 9 * * 1', 'America/New_York', '2026-03-01T00:00:00Z', '2026-03-17T00:00:00Z')
    assert.deepEqual(times, ['03-02T14:00', '03-09T13:00', '03-16T13:00'])
  })
  it('does not come in the hour that is left out', () => {
    const times = timesBetween('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')
    assert.deepEqual(times, ['03-28T01:30', '03-30T00:30'])
  })
  it('comes twice in the hour that is repeated', () => {
    const times = timesBetween('30 2 * * *', 'Europe/Berlin', '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z')
    assert.deepEqual(times, ['10-24T00:30', '10-25T00:30', '10-25T01:30', '10-26T01:30'])
  })
  it('is after the time that is asked about, to the minute', () => {
    const next = (time: string) => nextTime('0 9 * * *', 'UTC', new Date(`2026-01-01T${time}`))?.toISOString()
    assert.equal(next('08:59:59.999Z'), '2026-01-01T09:00:00.000Z')
    assert.equal(next('09:00:00.000Z'), '2026-01-02T09:00:00.000Z')
  })
  it('is found years ahead, and absent when none comes or nothing can be read', () => {
    const now = new Date('2026-06-01T00:00:00Z')
    assert.equal(nextTime('0 0 29 2 *', 'UTC', now)?.toISOString(), '2028-02-29T00:00:00.000Z')
    for (const [schedule, zone] of [
      ['0 0 31 2 *', 'UTC'],
      ['5-1 * * * *', 'UTC'],
      ['nonsense', 'UTC'],
      ['0 9 * * *', 'Moon/Base'],
    ] as const)
      assert.equal(nextTime(schedule, zone, now), undefined, `${schedule} ${zone}`)
  })
  it('knows names, steps, lists, question marks and nicknames', () => {
    const now = new Date('2026-06-03T10:20:00Z')
    const expected: Record<string, string> = {
      '@hourly': '2026-06-03T11:00',
      '@daily': '2026-06-04T00:00',
      '@midnight': '2026-06-04T00:00',
      '@weekly': '2026-06-07T00:00',
      '@monthly': '2026-07-01T00:00',
      '@yearly': '2027-01-01T00:00',
      '@annually': '2027-01-01T00:00',
      '30 8 * * MON-FRI': '2026-06-04T08:30',
      '0 0 1 JAN ?': '2027-01-01T00:00',
      '0 12 ? * sun': '2026-06-07T12:00',
      '5/20 * * * *': '2026-06-03T10:25',
      '1,21,41 9-11 * * *': '2026-06-03T10:21',
      '0 0 13 * 5': '2026-06-05T00:00',
    }
    for (const [schedule, at] of Object.entries(expected))
      assert.equal(nextTime(schedule, 'UTC', now)?.toISOString().slice(0, 16), at, schedule)
  })

  describe('agrees with the clocks, minute by minute', () => {
    const nights: [zone: string, day: string][] = [
      ['Europe/Berlin', '2026-03-29'],
      ['Europe/Berlin', '2026-10-25'],
      ['America/New_York', '2026-03-08'],
      ['America/New_York', '2026-11-01'],
      ['Australia/Lord_Howe', '2026-04-05'],
      ['Australia/Lord_Howe', '2026-10-04'],
      ['Antarctica/Troll', '2026-03-29'],
      ['Antarctica/Troll', '2026-10-25'],
      ['Asia/Kathmandu', '2026-06-01'],
    ]
    const schedules = [
      '30 2 * * *',
      '15 1 * * *',
      '*/20 2 * * *',
      '0 * * * *',
      '*/7 * * * *',
      '59 1 * * *',
      '45 3 * * *',
    ]
    for (const [zone, day] of nights)
      it(`${zone}, ${day}`, () => {
        for (const schedule of schedules) {
          const [minute, hour] = schedule.split(' ') as [string, string]
          const clock = new Intl.DateTimeFormat('en', {
            timeZone: zone,
            hour: 'numeric',
            minute: 'numeric',
            hourCycle: 'h23',
          })
          const fits = (field: string, value: number) =>
            field === '*' || (field.startsWith('*/') ? value % Number(field.slice(2)) === 0 : value === Number(field))
          const from = new Date(`${day}T00:00:00Z`).getTime() - 18 * hourMs
          const expected: string[] = []
          for (let at = from + minuteMs; at <= from + 42 * hourMs; at += minuteMs) {
            const parts = clock.formatToParts(at)
            const value = (type: string) => Number(parts.find((part) => part.type === type)!.value)
            if (fits(minute, value('minute')) && fits(hour, value('hour')))
              expected.push(new Date(at).toISOString().slice(5, 16))
          }
          const until = new Date(from + 42 * hourMs).toISOString()
          assert.deepEqual(timesBetween(schedule, zone, new Date(from).toISOString(), until), expected, schedule)
        }
      })
  })
})
