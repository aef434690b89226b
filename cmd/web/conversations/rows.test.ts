import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { QueryClient, QueryObserver } from '@tanstack/react-query'
import type { StreamEvent } from '#internal/client/index'
import { Unreachable } from '../api/problem.ts'
import type { Message } from '../api/views.ts'
import { Feed, fedQuery } from '../live/fed.ts'
import { Outbox, type Outgoing } from './outbox.ts'
import { rowsOf } from './rows.ts'
import { aMessage, anEvent } from './testing.ts'
import { fromPage, lastSeq, reduceTimeline, type Timeline } from './timeline.ts'

const place = { id: 7, username: 'ada' }
const keys = new Map<number, string>()
const item = (fields: Partial<Outgoing>): Outgoing => ({
  key: 'k',
  conversationId: 7,
  body: 'new',
  replyTo: null,
  attachments: [],
  createdAt: Date.UTC(2026, 0, 1, 12, 1),
  state: 'sending',
  sinceSeq: 2,
  ...fields,
})
const timeline = (...messages: Message[]): Timeline => ({ messages, older: false, newer: false })

describe('what is shown of a conversation', () => {
  const shown = (t: Timeline, outgoing: Outgoing[]) =>
    rowsOf(t, outgoing, { username: 'ada', keys }).map(({ message }) => message.body)
  const [one, two] = [aMessage({ seq: 1 }), aMessage({ seq: 2 })]
  const mine = aMessage({ seq: 3, author: 'ada', body: 'new' })

  it('has what is on its way at the end, once, whoever tells first', () => {
    assert.deepEqual(shown(timeline(one, two), [item({})]), ['m1', 'm2', 'new'])
    // The event before the answer.
    assert.deepEqual(shown(timeline(one, two, mine), [item({})]), ['m1', 'm2', 'new'])
    // The answer before the event.
    assert.deepEqual(shown(timeline(one, two), [item({ state: 'sent', message: mine })]), ['m1', 'm2', 'new'])
    assert.deepEqual(shown(timeline(one, two, mine), [item({ state: 'sent', message: mine })]), ['m1', 'm2', 'new'])
  })
  it('has what was refused beside what was posted', () => {
    assert.deepEqual(shown(timeline(one, two, mine), [item({ state: 'refused', body: 'bad' })]), [
      'm1',
      'm2',
      'new',
      'bad',
    ])
  })
  it('keeps the key of a row from its first try on', () => {
    const named = new Map([[mine.id, 'k']])
    const key = (t: Timeline, outgoing: Outgoing[]) => rowsOf(t, outgoing, { username: 'ada', keys: named }).at(-1)!.key
    assert.equal(key(timeline(one, two), [item({})]), 'k')
    assert.equal(key(timeline(one, two, mine), []), 'k')
  })
  it('groups what one person says in a few minutes, and days', () => {
    const at = (seq: number, created_at: string, author = 'bob') => aMessage({ seq, created_at, author })
    const rows = rowsOf(
      timeline(
        at(1, '2026-01-01T12:00:00Z'),
        at(2, '2026-01-01T12:01:00Z'),
        at(3, '2026-01-01T12:02:00Z', 'eve'),
        at(4, '2026-01-01T12:30:00Z', 'eve'),
        at(5, '2026-01-03T12:30:00Z', 'eve'),
      ),
      [],
      { username: 'ada', keys },
    )
    assert.deepEqual(
      rows.map(({ startsRun, startsDay }) => `${startsRun ? 'run' : ''} ${startsDay ? 'day' : ''}`.trim()),
      ['run day', '', 'run', 'run', 'run day'],
    )
  })

  /** Reproducible: the same seed, the same story. */
  function randomOf(seed: number) {
    let state = seed
    return (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
  }

  for (let seed = 1; seed <= 40; seed++)
    it(`has nothing twice at any moment and everything in the end, story ${seed}`, async () => {
      const random = randomOf(seed)
      const log: StreamEvent[] = []
      const posted = new Map<string, Message>()
      const all: Message[] = []
      let told = 0
      function write(key: string, author: string): Message {
        const message = aMessage({ seq: all.length + 1, author, body: key })
        all.push(message)
        posted.set(key, message)
        log.push(anEvent('message.posted', message, log.length + 1))
        return message
      }
      const queries = new QueryClient()
      const feed = new Feed(queries)
      const query = fedQuery<Timeline>(feed, {
        queryKey: ['timeline', 7],
        reduce: (t, event) => reduceTimeline(t, event, place),
        load: async () => {
          const items = [...all]
          for (let n = 1 + random(4); n > 0; n--) await turn()
          return fromPage({ items, next: null, previous: null })
        },
      })
      const current = () => queries.getQueryData<Timeline>(['timeline', 7])
      const names = new Map<number, string>()
      const outbox = new Outbox({
        storageKey: 'k',
        lastSeq: () => (current() ? lastSeq(current()!) : 0),
        async post({ key }) {
          for (let n = random(3); n > 0; n--) await turn()
          if (random(4) === 0) throw new Unreachable()
          const message = posted.get(key) ?? write(key, 'ada')
          for (let n = random(3); n > 0; n--) await turn()
          // The answer is lost.
          if (random(3) === 0) throw new Unreachable()
          names.set(message.id, key)
          if (random(2) === 0) feed.foresee('message.posted', message)
          return message
        },
      })
      const tell = () => {
        if (told < log.length) feed.apply(log[told++]!)
      }
      const look = () => {
        const t = current()
        if (!t) return []
        const bodies = rowsOf(t, outbox.items, { username: 'ada', keys: names }).map(({ message }) => message.body)
        assert.equal(new Set(bodies).size, bodies.length, `twice on the screen: ${bodies}`)
        return bodies
      }
      const leave = new QueryObserver(queries, query).subscribe(() => undefined)
      for (let step = 0; step < 150; step++) {
        const what = random(8)
        if (what === 0 && step < 100)
          outbox.send({ key: `mine ${step}`, conversationId: 7, body: `mine ${step}`, replyTo: null, attachments: [] })
        if (what === 1) write(`theirs ${step}`, 'bob')
        if (what === 2 && step % 5 === 0) void queries.invalidateQueries({ queryKey: ['timeline', 7] })
        if (what > 4) tell()
        outbox.wake()
        await turn()
        look()
      }
      while (told < log.length || outbox.items.some(({ state }) => state !== 'sent')) {
        tell()
        outbox.wake()
        await turn()
        look()
      }
      // What comes while the whole is loaded again, and nothing after it that would show a hole.
      while (queries.isFetching() > 0) await turn()
      void queries.invalidateQueries({ queryKey: ['timeline', 7] })
      await turn()
      write('last', 'bob')
      tell()
      while (queries.isFetching() > 0) await turn()
      assert.deepEqual(
        look(),
        all.map(({ body }) => body),
      )
      leave()
      outbox.close()
      queries.clear()
    })
})
