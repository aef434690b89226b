import assert from 'node:assert/strict'
import { beat, isDueWithin } from './heartbeat.ts'

describe('the heartbeat of a connection', () => {
  const t = 1_800_000_000_000
  const s = 1000

  it('waits for 25 s of silence, then asks for an answer within 10 s', () => {
    assert.deepEqual(beat({ heardAt: t }, t), { do: 'wait', ms: 25 * s })
    assert.deepEqual(beat({ heardAt: t }, t + 24 * s), { do: 'wait', ms: s })
    assert.deepEqual(beat({ heardAt: t }, t + 25 * s), { do: 'ask', limitMs: 10 * s })
  })

  it('gives up when the answer does not come in time', () => {
    const pulse = { heardAt: t, asked: { at: t + 25 * s, limitMs: 10 * s } }
    assert.deepEqual(beat(pulse, t + 25 * s), { do: 'wait', ms: 10 * s })
    assert.deepEqual(beat(pulse, t + 35 * s - 1), { do: 'wait', ms: 1 })
    assert.deepEqual(beat(pulse, t + 35 * s), { do: 'give up' })
  })

  it('asks with a short limit after a sleep, which no silence tells from death', () => {
    assert.deepEqual(beat({ heardAt: t }, t + 45 * s), { do: 'ask', limitMs: 3 * s })
    assert.deepEqual(beat({ heardAt: t }, t + 8 * 3600 * s), { do: 'ask', limitMs: 3 * s })
  })

  it('does not give up by a timer that came late: the answer may have been kept back as well', () => {
    const pulse = { heardAt: t, asked: { at: t, limitMs: 3 * s } }
    assert.deepEqual(beat(pulse, t + 5 * s), { do: 'give up' })
    assert.deepEqual(beat(pulse, t + 5 * s + 1), { do: 'ask', limitMs: 3 * s })
  })

  it('asks when the clock was set back, instead of waiting until it has caught up', () => {
    assert.deepEqual(beat({ heardAt: t }, t - 3600 * s), { do: 'ask', limitMs: 3 * s })
    const pulse = { heardAt: t, asked: { at: t, limitMs: 3 * s } }
    assert.deepEqual(beat(pulse, t - 3600 * s), { do: 'ask', limitMs: 3 * s })
  })

  it('knows whether an answer is due anyway', () => {
    assert.equal(isDueWithin({ heardAt: t }, 3 * s, t), false)
    assert.equal(isDueWithin({ heardAt: t, asked: { at: t, limitMs: 10 * s } }, 3 * s, t + 6 * s), false)
    assert.equal(isDueWithin({ heardAt: t, asked: { at: t, limitMs: 10 * s } }, 3 * s, t + 7 * s), true)
  })
})
