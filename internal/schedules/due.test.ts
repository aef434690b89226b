import assert from 'node:assert/strict'
import { Problem } from '#internal/runtime/problem'
import { checkTiming, nextDue, planFiring } from './due.ts'
import type { Timing } from './schedule.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const every = (cron: string, time_zone = 'Europe/Berlin'): Timing => ({ at: null, cron, time_zone })
const once = (at: string): Timing => ({ at: new Date(at), cron: null, time_zone: null })

/** The due times in (from, to]. */
function dueTimes(timing: Timing, from: string, to: string): string[] {
  const times: string[] = []
  for (let at = nextDue(timing, new Date(from)); at && at <= new Date(to); at = nextDue(timing, at))
    times.push(at.toISOString().slice(5, 16))
  return times
}

describe('due times', () => {
  it('follow the clocks of the time zone', () => {
    const times = dueTimes(every('0 9 * * 1', 'America/New_York'), '2026-03-01T00:00:00Z', '2026-03-17T00:00:00Z')
    assert.deepEqual(times, ['03-02T14:00', '03-09T13:00', '03-16T13:00'])
  })
  it('that fall in the hour that is left out come right after it', () => {
    const times = dueTimes(every('30 2 * * *'), '2026-03-28T00:00:00Z', '2026-03-30T12:00:00Z')
    assert.deepEqual(times, ['03-28T01:30', '03-29T01:00', '03-30T00:30'])
  })
  it('that fall in the hour that comes twice come the first time', () => {
    const times = dueTimes(every('30 2 * * *'), '2026-10-24T00:00:00Z', '2026-10-26T12:00:00Z')
    assert.deepEqual(times, ['10-24T00:30', '10-25T00:30', '10-26T01:30'])
  })
  it('of every half hour have no gap and no repeat when clocks change', () => {
    for (const day of ['2026-03-29', '2026-10-25'])
      assert.equal(dueTimes(every('*/30 * * * *'), `${day}T00:00:00Z`, `${day}T06:00:00Z`).length, 12)
  })
  it('that are named alone come once', () => {
    const timing = once('2026-01-01T10:00:00Z')
    assert.deepEqual(dueTimes(timing, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z'), ['01-01T10:00'])
  })
})

describe('a time for a schedule', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const pathOf = (timing: Timing): string | undefined => {
    try {
      checkTiming(timing, now)
      return undefined
    } catch (error) {
      assert.ok(error instanceof Problem)
      return error.errors?.[0]?.path
    }
  }
  it('is good', () => {
    for (const cron of ['0 9 * * *', '*/5 8-18 * * MON-FRI', '0 0 L * *', '0 0 29 2 *', ' 0  9 * * 7 '])
      assert.equal(pathOf(every(cron)), undefined, cron)
    for (const zone of ['UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'Asia/Kathmandu'])
      assert.equal(pathOf(every('0 9 * * *', zone)), undefined, zone)
  })
  it('is refused by field', () => {
    const bad = ['', 'x', '* * * *', '* * * * * *', '61 * * * *', '*/0 * * * *', '@daily', '0 0 31 2 *', 'a b c d e']
    for (const cron of [...bad, '2026-01-01T00:00:00Z', '0 0 W * *', '-5 * * * *', `${'1,'.repeat(5000)}1 * * * *x`])
      assert.equal(pathOf(every(cron)), 'cron', cron.slice(0, 40))
    for (const zone of ['', 'Mars/Base', '+02:00', 'GMT+2', 'Europe/', '../etc'])
      assert.equal(pathOf(every('0 9 * * *', zone)), 'time_zone', zone)
    assert.equal(pathOf(once('2026-01-01T00:00:00Z')), 'at')
  })
})

describe('the plan for a schedule that is due', () => {
  const plan = (timing: Timing, nextAt: string, now: string, catchUpMs = hourMs) => {
    const { due, skipped, next } = planFiring(timing, new Date(nextAt), new Date(now), catchUpMs)
    const short = (date: Date | null | undefined) => date?.toISOString().slice(5, 16) ?? null
    return [short(due), skipped && [short(skipped.from), short(skipped.until)], short(next)]
  }
  it('fires a time alone however late', () => {
    const timing = once('2026-01-01T10:00:00Z')
    assert.deepEqual(plan(timing, '2026-01-01T10:00:00Z', '2026-03-01T00:00:00Z'), ['01-01T10:00', null, null])
  })
  it('fires on the minute, and late within the bound', () => {
    const daily = every('0 9 * * *', 'UTC')
    for (const now of ['09:00:00.000Z', '09:00:59.999Z', '09:59:00Z', '10:00:00Z'])
      assert.deepEqual(plan(daily, '2026-01-01T09:00:00Z', `2026-01-01T${now}`), ['01-01T09:00', null, '01-02T09:00'])
    const late = plan(daily, '2026-01-01T09:00:00Z', '2026-01-01T10:00:01Z')
    assert.deepEqual(late, [null, ['01-01T09:00', '01-01T09:00'], '01-02T09:00'])
  })
  it('fires for the latest of several and passes the others over', () => {
    const often = every('*/10 * * * *', 'UTC')
    const [due, skipped, next] = plan(often, '2026-01-01T09:00:00Z', '2026-01-03T12:34:56Z')
    assert.deepEqual([due, skipped, next], ['01-03T12:30', ['01-01T09:00', '01-03T12:20'], '01-03T12:40'])
    const one = plan(often, '2026-01-01T09:00:00Z', '2026-01-01T09:10:00Z')
    assert.deepEqual(one, ['01-01T09:10', ['01-01T09:00', '01-01T09:00'], '01-01T09:20'])
  })
  it('passes over all that are older than the bound', () => {
    const daily = every('0 9 * * *', 'UTC')
    const week = plan(daily, '2026-01-01T09:00:00Z', '2026-01-08T12:00:00Z')
    assert.deepEqual(week, [null, ['01-01T09:00', '01-08T09:00'], '01-09T09:00'])
  })
  it('agrees with the due times one by one, through the changes of clocks', () => {
    const expressions = ['30 2 * * *', '*/20 2 * * *', '0 * * * *', '*/7 1-3 * * *', '15 3 * * *', '59 1 * * *']
    for (const cron of expressions)
      for (const day of ['2026-03-29', '2026-10-25']) {
        const timing = every(cron)
        const from = new Date(`${day}T00:00:00Z`).getTime() - 12 * hourMs
        const first = nextDue(timing, new Date(from)) as Date
        let latest = first
        for (let now = first.getTime(); now < from + 36 * hourMs; now += 5 * minuteMs) {
          for (let at = nextDue(timing, latest); at && at.getTime() <= now; at = nextDue(timing, at)) latest = at
          const { due, next } = planFiring(timing, first, new Date(now), 48 * hourMs)
          assert.equal(due?.toISOString(), latest.toISOString(), `${cron} at ${new Date(now).toISOString()}`)
          assert.equal(next?.toISOString(), nextDue(timing, latest)?.toISOString())
        }
      }
  })
})
