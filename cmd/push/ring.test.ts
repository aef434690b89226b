import assert from 'node:assert/strict'
import type { Scope } from '#internal/events/event'
import type { Entry } from './entry.ts'
import { Ring } from './ring.ts'

function entry(position: number, scope: Scope, text = 'x'): Entry {
  return { position, scope, frame: text, at: new Date(), event: 'account.updated', traceparent: null }
}

const positions = (entries: Entry[]) => entries.map((each) => each.position)

describe('ring', () => {
  it('gives the entries of the scopes after a cursor, merged in position order', () => {
    const ring = new Ring(1e6, 0)
    for (let n = 1; n <= 9; n++) ring.add(entry(n, `account:${n % 3}`))
    assert.deepEqual(positions(ring.after(['account:1', 'account:2'], 2, 100)), [4, 5, 7, 8])
    assert.deepEqual(positions(ring.after(['account:1', 'account:2', 'alerts'], 0, 3)), [1, 2, 4])
    assert.deepEqual(positions(ring.after(['account:0'], 9, 100)), [])
  })

  it('honours the limit for a long scope and a short one together', () => {
    const ring = new Ring(1e6, 0)
    for (let n = 1; n <= 100; n++) ring.add(entry(n, n % 10 === 0 ? 'alerts' : 'objects'))
    assert.deepEqual(positions(ring.after(['alerts', 'objects'], 5, 7)), [6, 7, 8, 9, 10, 11, 12])
  })

  it('forgets the oldest when it is full, and its floor says up to where', () => {
    const ring = new Ring(10_000, 40)
    assert.equal(ring.floor, 40)
    for (let n = 41; n <= 240; n++) ring.add(entry(n, `account:${n % 7}`, 'x'.repeat(100)))
    const kept = positions(
      ring.after(
        [0, 1, 2, 3, 4, 5, 6].map((n): Scope => `account:${n}`),
        ring.floor,
        1000,
      ),
    )
    assert.ok(ring.floor > 200 && ring.floor < 240)
    assert.deepEqual(
      kept,
      Array.from({ length: 240 - ring.floor }, (_, i) => ring.floor + 1 + i),
    )
  })

  it('stays right over many more entries than it holds', () => {
    const ring = new Ring(50_000, 0)
    for (let n = 1; n <= 20_000; n++) ring.add(entry(n, n % 2 === 0 ? 'objects' : 'alerts'))
    const kept = positions(ring.after(['objects'], ring.floor, 1000))
    assert.equal(kept.at(-1), 20_000)
    assert.ok(kept.every((position, i) => i === 0 || position === kept[i - 1]! + 2))
  })
})
