import assert from 'node:assert/strict'
import type { Problem } from '#internal/runtime/problem'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { Arrivals } from './arrivals.ts'

describe('waiting for events', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const onGone = () => undefined
  const event = (position: number, scope: string) =>
    database.db.raw(
      `with e as (insert into events (position, scope, event, at, data) values (?, ?, 'status.set', now(), '{}'))
       update log_head set position = ?`,
      [position, scope, position],
    )

  it('ends for those whose scopes have something new, and for no other', async () => {
    const arrivals = new Arrivals(database.db)
    const found = arrivals.next({ scopes: ['account:1', 'topics'], after: 0, ms: 10_000, onGone })
    const other = arrivals.next({ scopes: ['account:2', 'topics'], after: 0, ms: 1000, onGone })
    await event(1, 'account:1')
    assert.equal(await found, true)
    assert.equal(await other, false)
  })

  it('ends at once for who has not looked as far as others have', async () => {
    const arrivals = new Arrivals(database.db)
    const first = arrivals.next({ scopes: ['account:1'], after: 0, ms: 10_000, onGone })
    await event(1, 'account:1')
    await first
    assert.equal(await arrivals.next({ scopes: ['account:2'], after: 0, ms: 10_000, onGone }), true)
  })

  it('ends when the client goes, and with the process', async () => {
    const arrivals = new Arrivals(database.db)
    let leave = () => {}
    const left = arrivals.next({ scopes: [], after: 0, ms: 10_000, onGone: (listener) => (leave = listener) })
    const stopped = arrivals.next({ scopes: ['topics'], after: 0, ms: 10_000, onGone })
    leave()
    assert.equal(await left, false)
    arrivals.close()
    assert.equal(await stopped, false)
    assert.equal(await arrivals.next({ scopes: [], after: 0, ms: 10_000, onGone }), false)
  })

  it('is for a thousand at a time', async () => {
    const arrivals = new Arrivals(database.db)
    const waiting = Array.from({ length: 1000 }, () =>
      arrivals.next({ scopes: ['topics'], after: 0, ms: 10_000, onGone }),
    )
    await assert.rejects(
      arrivals.next({ scopes: ['topics'], after: 0, ms: 10_000, onGone }),
      (error: Problem) => error.kind === 'unavailable' && error.code === 'busy' && error.retryAfter === 1,
    )
    await event(1, 'topics')
    assert.ok((await Promise.all(waiting)).every(Boolean))
  })
})
