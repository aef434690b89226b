import assert from 'node:assert/strict'
import { createSealer } from './seal.ts'

describe('a sealed secret', () => {
  const sealer = createSealer('the secret of an installation', 'test')
  const sealed = sealer.seal('plain text', 'account 1')

  it('opens with its key in its place, and looks different each time', () => {
    assert.equal(sealer.open(sealed, 'account 1'), 'plain text')
    assert.notDeepEqual(sealer.seal('plain text', 'account 1'), sealed)
    assert.ok(!sealed.includes('plain'))
  })
  it('opens nowhere else', () => {
    assert.throws(() => sealer.open(sealed, 'account 2'))
    assert.throws(() => createSealer('another secret', 'test').open(sealed, 'account 1'))
    assert.throws(() => createSealer('the secret of an installation', 'other').open(sealed, 'account 1'))
  })
  it('does not open once a bit has changed, or when it is cut', () => {
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed)
      changed[i]! ^= 1
      assert.throws(() => sealer.open(changed, 'account 1'))
    }
    for (const length of [0, 12, 27]) assert.throws(() => sealer.open(sealed.subarray(0, length), 'account 1'))
  })
})
