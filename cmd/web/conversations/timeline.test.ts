import assert from 'node:assert/strict'
import type { Message } from '../api/views.ts'
import { reload } from '../live/fed.ts'
import { aMessage, anEvent } from './testing.ts'
import { extend, fromPage, prepend, reduceTimeline, type Timeline } from './timeline.ts'

const place = { id: 7, username: 'ada' }
const messages = (...seqs: number[]) => seqs.map((seq) => aMessage({ seq }))
const timeline = (seqs: number[], ends = {}): Timeline => ({
  messages: messages(...seqs),
  older: false,
  newer: false,
  ...ends,
})
const seqs = (t: Timeline | typeof reload) => (t === reload ? 'reload' : t.messages.map(({ seq }) => seq))
const follow = (t: Timeline, event: string, data: object) => reduceTimeline(t, anEvent(event, data), place)
const only = (t: Timeline | typeof reload): Message => (t as Timeline).messages[0]!

describe('the timeline of a conversation', () => {
  it('takes what is posted, once, and nothing of other conversations', () => {
    const one = follow(timeline([1, 2]), 'message.posted', aMessage({ seq: 3 })) as Timeline
    assert.deepEqual(seqs(one), [1, 2, 3])
    assert.equal(follow(one, 'message.posted', aMessage({ seq: 3 })), one)
    assert.equal(follow(one, 'message.posted', aMessage({ seq: 4, conversation_id: 8 })), one)
    assert.equal(follow(one, 'status.set', { status: 'x' }), one)
  })
  it('is loaded again when there would be a hole', () => {
    assert.equal(follow(timeline([1, 2]), 'message.posted', aMessage({ seq: 4 })), reload)
  })
  it('that ends before the newest message does not take new ones', () => {
    const past = timeline([1, 2], { newer: true })
    assert.equal(follow(past, 'message.posted', aMessage({ seq: 3 })), past)
  })
  it('begins with the first message', () => {
    assert.deepEqual(seqs(follow(timeline([]), 'message.posted', aMessage({ seq: 1 }))), [1])
  })
  it('takes edits and deletions, keeps reactions over an edit, and no late edit undoes a newer one', () => {
    const reactions = [{ emoji: '🎉', count: 1, mine: false }]
    const start = { ...timeline([1]), messages: [aMessage({ seq: 1, reactions })] }
    const edit = (body: string, edited_at: string) => {
      const { reactions: _, ...data } = aMessage({ seq: 1, body, edited_at })
      return data
    }
    const edited = follow(start, 'message.edited', edit('two', '2026-01-02T00:00:00Z')) as Timeline
    assert.deepEqual([only(edited).body, only(edited).reactions], ['two', reactions])
    assert.equal(follow(edited, 'message.edited', edit('one', '2026-01-01T00:00:00Z')), edited)
    const gone = aMessage({ seq: 1, body: null, deleted_at: '2026-01-03T00:00:00Z', edited_at: '2026-01-02T00:00:00Z' })
    const deleted = follow(edited, 'message.deleted', gone) as Timeline
    assert.deepEqual([only(deleted).body, only(deleted).reactions], [null, []])
    assert.equal(follow(deleted, 'message.edited', edit('back', '2026-01-04T00:00:00Z')), deleted)
  })
  it('takes reactions twice as once', () => {
    const reaction = (username: string, count: number) => ({
      message_id: 1,
      conversation_id: 7,
      emoji: '🎉',
      username,
      count,
    })
    const one = follow(timeline([1]), 'reaction.added', reaction('bob', 1)) as Timeline
    assert.deepEqual(only(one).reactions, [{ emoji: '🎉', count: 1, mine: false }])
    assert.equal(follow(one, 'reaction.added', reaction('bob', 1)), one)
    const two = follow(one, 'reaction.added', reaction('ada', 2)) as Timeline
    assert.deepEqual(only(two).reactions, [{ emoji: '🎉', count: 2, mine: true }])
    const back = follow(two, 'reaction.removed', reaction('ada', 1)) as Timeline
    assert.deepEqual(only(back).reactions, [{ emoji: '🎉', count: 1, mine: false }])
    const none = follow(back, 'reaction.removed', reaction('bob', 0)) as Timeline
    assert.deepEqual(only(none).reactions, [])
    assert.equal(follow(none, 'reaction.removed', reaction('bob', 0)), none)
  })
  it('grows both ways by pages that join, whatever overlaps', () => {
    const page = (list: number[], previous: number | null, next: number | null) => ({
      items: messages(...list),
      previous,
      next,
    })
    const middle = fromPage(page([5, 6], 5, 6))
    assert.deepEqual([middle.older, middle.newer], [true, true])
    const older = prepend(middle, page([3, 4, 5], null, 5))
    assert.deepEqual([seqs(older), older.older], [[3, 4, 5, 6], false])
    const newer = extend(older, page([6, 7], 6, null))
    assert.deepEqual([seqs(newer), newer.newer], [[3, 4, 5, 6, 7], false])
    assert.equal(prepend(middle, page([1, 2], null, 2)), middle)
    assert.equal(extend(middle, page([9], 9, null)), middle)
  })
})
