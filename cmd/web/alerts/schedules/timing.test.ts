import { strict as assert } from 'node:assert'
import type { Schedule } from '../../api/views.ts'
import { inOrder } from './schedules.ts'
import { cronOf, cronWords, emptyTiming, repeatOf, timingBody, timingOf } from './timing.ts'

describe('times of a schedule', () => {
  it('become cron expressions', () => {
    const timing = { ...emptyTiming(), when: 'again' as const, time: '08:05', time_zone: 'Europe/Berlin' }
    assert.deepEqual(timingBody(timing), { cron: '5 8 * * *', time_zone: 'Europe/Berlin' })
    assert.equal(cronOf({ ...timing, days: ['0', '3'] }), '5 8 * * 3,0')
    assert.equal(cronOf({ ...timing, repeat: 'month', day: '31' }), '5 8 31 * *')
    assert.equal(cronOf({ ...timing, repeat: 'cron', cron: ' */5 * * * * ' }), '*/5 * * * *')
  })

  it('come back from the expressions that they made, and from what others wrote', () => {
    for (const cron of ['5 8 * * *', '0 10 1 * *', '30 17 * * 1,3', '*/5 * * * *', '0 9 1 6 *', '0 9 13 * 5']) {
      const timing = timingOf({ at: null, cron, time_zone: 'UTC' })
      assert.equal(cronOf(timing), cron)
    }
    assert.deepEqual(repeatOf('0 9 * * MON-FRI').days, ['1', '2', '3', '4', '5'])
    assert.deepEqual(repeatOf('0 9 * * 7').days, ['0'])
    assert.equal(repeatOf('0 9 * * MON#2').repeat, 'cron')
    assert.equal(repeatOf('0 9 * * 8').repeat, 'cron')
  })

  it('are said in words where there are some', () => {
    assert.equal(cronWords('0 9 * * *'), 'Every day at 09:00')
    assert.equal(cronWords('0 9 * * MON-FRI'), 'Monday to Friday at 09:00')
    assert.equal(cronWords('30 17 * * 1,3'), 'Every Monday and Wednesday at 17:30')
    assert.equal(cronWords('0 10 1 * *'), 'On day 1 of the month at 10:00')
    assert.equal(cronWords('*/5 * * * *'), '*/5 * * * *')
  })

  it('once is by the own clock, and back', () => {
    const timing = timingOf({ at: '2026-06-01T10:00:00.000Z', cron: null, time_zone: null })
    assert.deepEqual(timingBody(timing), { at: '2026-06-01T10:00:00.000Z' })
  })
})

describe('the list of schedules', () => {
  it('has what comes next first, then what is paused, then what is over', () => {
    const schedule = (id: number, next_at: string | null, paused = false) => ({ id, next_at, paused }) as Schedule
    const list = [
      schedule(1, null),
      schedule(2, '2026-06-02T10:00:00.000Z'),
      schedule(3, null, true),
      schedule(4, '2026-06-01T10:00:00.000Z'),
    ]
    assert.deepEqual(
      inOrder(list).map(({ id }) => id),
      [4, 2, 3, 1],
    )
  })
})
