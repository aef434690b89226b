import assert from 'node:assert/strict'
import { waitFor } from '#internal/testing/wait-for'
import { Inbound } from './inbound.ts'

describe('handlers that fail', () => {
  const { error } = console
  let said: string[] = []
  beforeEach(() => {
    said = []
    console.error = (what: string) => void said.push(what)
  })
  afterEach(() => {
    console.error = error
  })

  /** Hands over three positions to a handler that fails so often at the second. */
  function run(failures: number) {
    const calls: number[] = []
    const saves: number[] = []
    const store = { load: () => 0, save: (cursor: number) => void saves.push(cursor) }
    const inbound = new Inbound({ cursor: store, onFull: () => undefined, onRoom: () => undefined })
    for (const position of [1, 2, 3])
      inbound.add(position, async () => {
        calls.push(position)
        if (position === 2 && failures-- > 0) throw new Error('no')
      })
    return { inbound, calls, saves }
  }

  it('get the same event again, before any other', async () => {
    const { inbound, calls, saves } = run(1)
    await waitFor(() => inbound.handled === 3, { what: 'the last' })
    assert.deepEqual(
      [calls, saves],
      [
        [1, 2, 2, 3],
        [1, 2, 3],
      ],
    )
    assert.deepEqual(said, ['belfry: the handler failed at position 2, again in 500 ms'])
  })

  it('do not stop the others for ever, and nobody can miss it', async () => {
    const { inbound, calls, saves } = run(100)
    await waitFor(() => inbound.handled === 3, { what: 'the last' })
    assert.deepEqual(
      [calls, saves],
      [
        [1, 2, 2, 2, 3],
        [1, 2, 3],
      ],
    )
    assert.equal(said.at(-1), 'belfry: the handler failed at position 2, it is passed over')
  })

  it('are not called again once it is closed', async () => {
    const { inbound, calls } = run(1)
    await waitFor(() => said.length === 1, { what: 'the failure' })
    inbound.close()
    assert.equal(inbound.handled, 1)
    assert.deepEqual(calls, [1, 2])
  })

  it('a store that cannot save is reported, and does not stop anything', async () => {
    let handled = 0
    const store = { load: () => 0, save: () => Promise.reject(new Error('full')) }
    const inbound = new Inbound({ cursor: store, onFull: () => undefined, onRoom: () => undefined })
    for (const position of [1, 2]) inbound.add(position, () => void handled++)
    await waitFor(() => inbound.handled === 2 && said.length === 2, { what: 'both' })
    assert.equal(handled, 2)
    assert.equal(said[1], 'belfry: the cursor 2 was not saved')
  })
})
