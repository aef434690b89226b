import assert from 'node:assert/strict'
import { Delivered } from './delivered.ts'

const range = (after: number, upTo: number, conversationId = 1) => ({ conversationId, after, upTo })

describe('what a connection was sent', () => {
  it('is confirmed by the pong to the ping behind it, and by no earlier one', () => {
    const delivered = new Delivered()
    delivered.add(range(0, 1))
    delivered.add(range(1, 2))
    delivered.add(range(4, 5, 2))
    assert.equal(delivered.ask(10), true)
    delivered.add(range(2, 3))
    assert.equal(delivered.ask(20), true)
    delivered.add(range(3, 4))
    assert.deepEqual(delivered.confirm(9), [])
    assert.deepEqual(delivered.confirm(10), [range(0, 2), range(4, 5, 2)])
    assert.deepEqual(delivered.confirm(19), [])
    assert.deepEqual(delivered.confirm(25), [range(2, 3)])
    assert.equal(delivered.isEmpty, false)
    assert.equal(delivered.ask(30), true)
    assert.deepEqual(delivered.confirm(30), [range(3, 4)])
    assert.equal(delivered.isEmpty, true)
    assert.equal(delivered.ask(40), false)
  })

  it('is put together for a client that never answers, and confirmed by the last ping alone', () => {
    const delivered = new Delivered()
    for (let seq = 1; seq <= 1000; seq++) {
      delivered.add(range(seq - 1, seq))
      delivered.ask(seq)
    }
    assert.deepEqual(
      delivered.confirm(7),
      [1, 2, 3, 4, 5, 6, 7].map((seq) => range(seq - 1, seq)),
    )
    assert.deepEqual(delivered.confirm(999), [])
    assert.deepEqual(delivered.confirm(1000), [range(7, 1000)])
  })

  it('keeps holes', () => {
    const delivered = new Delivered()
    delivered.add(range(0, 2))
    delivered.add(range(3, 4))
    delivered.ask(1)
    assert.deepEqual(delivered.confirm(1), [range(0, 2), range(3, 4)])
  })
})
