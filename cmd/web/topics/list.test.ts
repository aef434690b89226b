import assert from 'node:assert/strict'
import type { Conversation, Invitation, Topic } from '../api/views.ts'
import { reduceTopics, topicSections } from './list.ts'

const topic = (id: number, more: Partial<Topic> = {}): Topic => ({
  id,
  name: `topic ${id}`,
  description: null,
  visibility: 'public',
  owner: 'ada',
  members_may_invite: false,
  members_count: 1,
  last_activity_at: '2026-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  joined: false,
  ...more,
})
const following = (list: Topic[], event: string, data: unknown) => {
  const told = { event, data, position: 1, scope: '', at: '' }
  const once = reduceTopics(list, told)
  assert.deepEqual(reduceTopics(once, told), once, 'the same event again changes nothing')
  return once
}
const told = ({ joined: _, ...view }: Topic) => view

describe('the list of topics, after an event', () => {
  it('has a new one first, and what has changed of one', () => {
    const list = following([topic(1)], 'topic.created', told(topic(2)))
    assert.deepEqual(list, [topic(2), topic(1)])
    assert.deepEqual(
      following(list, 'topic.updated', told(topic(1, { name: 'Harbour' })))[1],
      topic(1, { name: 'Harbour' }),
    )
  })

  it('knows who is a member', () => {
    const joined = following([topic(1)], 'conversation.joined', { conversation: { id: 1 } })
    assert.deepEqual(joined, [topic(1, { joined: true })])
    assert.deepEqual(following(joined, 'topic.updated', told(topic(1)))[0]!.joined, true)
    assert.deepEqual(following(joined, 'conversation.left', { conversation_id: 1, reason: 'left' }), [topic(1)])
  })

  it('loses what was deleted, became private, or was private and left', () => {
    assert.deepEqual(following([topic(1)], 'topic.deleted', { id: 1 }), [])
    assert.deepEqual(following([topic(1)], 'conversation.left', { conversation_id: 1, reason: 'deleted' }), [])
    const secret = topic(1, { visibility: 'private', joined: true })
    assert.deepEqual(following([secret], 'conversation.left', { conversation_id: 1, reason: 'removed' }), [])
  })

  it('is the same object when an event is about something else', () => {
    const list = [topic(1)]
    assert.equal(following(list, 'topic.deleted', { id: 2 }), list)
    assert.equal(following(list, 'topic.updated', told(topic(2))), list)
    assert.equal(following(list, 'message.posted', { conversation_id: 1 }), list)
  })
})

describe('what the page of topics lists', () => {
  const conversation = (id: number, kind: Conversation['kind'], name: string | null) =>
    ({ id, kind, name, visibility: 'public' }) as Conversation
  const invitation = (id: number, name: string) => ({ id, topic: { id: 100 + id, name } }) as Invitation
  const all = {
    invitations: [invitation(1, 'Winter refit')],
    conversations: [
      conversation(1, 'topic', 'Weather'),
      conversation(2, 'direct', null),
      conversation(3, 'topic', 'Été à Zürich'),
    ],
    topics: [topic(1, { name: 'Weather' }), topic(4, { name: 'Winch' }), topic(5, { name: 'Gone in', joined: true })],
  }
  const names = (filter: string) => {
    const { invitations, mine, others } = topicSections(all, filter)
    return [invitations.map((one) => one.topic.name), mine.map(({ name }) => name), others.map(({ name }) => name)]
  }

  it("is invitations, one's own, and public ones that one is not in: each topic once", () => {
    assert.deepEqual(names(''), [['Winter refit'], ['Weather', 'Été à Zürich'], ['Winch']])
  })

  it('is what has all words of the filter in its name, in whatever case and order', () => {
    assert.deepEqual(names('  wI '), [['Winter refit'], [], ['Winch']])
    assert.deepEqual(names('zürich ÉTÉ'), [[], ['Été à Zürich'], []])
    assert.deepEqual(names('winter weather'), [[], [], []])
  })
})
