import assert from 'node:assert/strict'
import { delayMs, hintMs } from './delay.ts'

describe('the delay before a client comes back', () => {
  const ceiling = (failures: number, hidden = false) => delayMs({ failures, hintMs: 0, hidden, random: () => 1 })

  it('is anything between nothing and a time that doubles up to 20 s', () => {
    assert.deepEqual(
      [0, 1, 2, 5, 6, 1000].map((failures) => ceiling(failures)),
      [500, 1000, 2000, 16_000, 20_000, 20_000],
    )
    assert.equal(delayMs({ failures: 9, hintMs: 0, hidden: false, random: () => 0 }), 0)
    assert.equal(delayMs({ failures: 1, hintMs: 0, hidden: false, random: () => 0.5 }), 500)
  })

  it('grows further for a page that nobody looks at', () => {
    assert.deepEqual(
      [0, 6, 7, 8, 1000].map((failures) => ceiling(failures, true)),
      [500, 30_000, 30_000, 30_000, 30_000],
    )
  })

  it('comes after the time that the server has asked for', () => {
    assert.equal(delayMs({ failures: 0, hintMs: 3000, hidden: false, random: () => 0.5 }), 3250)
  })

  it('takes that time from the reason of the close, if there is one and it is sane', () => {
    assert.equal(hintMs('{"reconnect_after_ms":1234}'), 1234)
    assert.equal(hintMs('{"reconnect_after_ms":999999999}'), 60_000)
    for (const reason of [
      '',
      'restart',
      'null',
      '7',
      '{}',
      '{"reconnect_after_ms":-1}',
      '{"reconnect_after_ms":"soon"}',
    ])
      assert.equal(hintMs(reason), 0, reason)
  })
})
