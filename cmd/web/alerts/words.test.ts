import { strict as assert } from 'node:assert'
import { lengthOfTime, moment, percent } from './words.ts'

describe('words of alerts', () => {
  it('rounds no share to everybody or nobody', () => {
    assert.equal(percent(4899, 4900), '>99%')
    assert.equal(percent(4900, 4900), '100%')
    assert.equal(percent(1, 4900), '<1%')
    assert.equal(percent(0, 4900), '0%')
    assert.equal(percent(0, 0), '–')
  })

  it('says lengths of time in two units at most', () => {
    assert.equal(lengthOfTime(90_000), '1 min 30 s')
    assert.equal(lengthOfTime(7_500_000), '2 h 5 min')
    assert.equal(lengthOfTime(86_400_000 * 2 + 60_000), '2 d')
    assert.equal(lengthOfTime(999), '0 s')
  })

  it('says a day by the clocks of the time zone', () => {
    const now = new Date('2026-06-01T20:00:00Z')
    assert.match(moment(new Date('2026-06-01T22:30:00Z'), now, 'UTC'), /^today /)
    assert.match(moment(new Date('2026-06-01T22:30:00Z'), now, 'Europe/Berlin'), /^tomorrow /)
    assert.match(moment(new Date('2026-06-03T10:00:00Z'), now, 'UTC'), /Wed/)
  })
})
