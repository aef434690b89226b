import assert from 'node:assert/strict'
import type { Me, Topic } from '../api/views.ts'
import { reload } from '../live/fed.ts'
import { mayInvite, mayManage, mayRead, reduceTopic, type TopicState } from './topic.ts'

const ops = {
  id: 7,
  name: 'Ops',
  visibility: 'public',
  owner: 'ada',
  joined: false,
  members_may_invite: false,
} as Topic
const joined: TopicState = { topic: { ...ops, joined: true } }
const secret: TopicState = { topic: { ...ops, joined: true, visibility: 'private' } }

function following(state: TopicState, event: string, data: unknown) {
  const told = { event, data, position: 1, scope: '', at: '' }
  const once = reduceTopic(state, told, 7)
  if (once !== reload) assert.deepEqual(reduceTopic(once, told, 7), once, 'the same event again changes nothing')
  return once
}
const left = (reason: string) => ({ conversation_id: 7, reason })

describe('a topic that is open, after an event', () => {
  it('has what has changed of it, and is a member still', () => {
    const { joined: _, ...told } = { ...ops, name: 'Watch' }
    assert.deepEqual(following(joined, 'topic.updated', told), { topic: { ...ops, name: 'Watch', joined: true } })
  })

  it('is gone, with the reason', () => {
    assert.deepEqual(following(secret, 'conversation.left', left('removed')), { gone: 'removed' })
    assert.deepEqual(following(secret, 'conversation.left', left('left')), { gone: 'left' })
    assert.deepEqual(following(joined, 'conversation.left', left('deleted')), { gone: 'deleted' })
    assert.deepEqual(following({ topic: ops }, 'topic.deleted', { id: 7 }), { gone: 'hidden' })
  })

  it('stays with members when it becomes private, and open to who has left a public one', () => {
    assert.equal(following(joined, 'topic.deleted', { id: 7 }), joined)
    assert.equal(following(joined, 'conversation.left', left('left')), reload)
  })

  it('is asked for again when it is there again', () => {
    assert.equal(following({ gone: 'left' }, 'conversation.joined', { conversation: { id: 7 } }), reload)
    assert.equal(following({ gone: 'hidden' }, 'topic.created', ops), reload)
  })

  it('is the same object after an event about another', () => {
    for (const [event, data] of [
      ['topic.updated', { id: 8 }],
      ['topic.deleted', { id: 8 }],
      ['conversation.left', { conversation_id: 8, reason: 'left' }],
      ['conversation.joined', { conversation: { id: 8 } }],
      ['message.posted', { conversation_id: 7 }],
    ] as const)
      assert.equal(following(joined, event, data), joined, event)
  })
})

describe('what one may do with a topic', () => {
  const me = (username: string, role: Me['role'] = 'member') => ({ username, role }) as Me

  it('its owner and admins manage it and invite; members invite where they may', () => {
    const open = { ...ops, joined: true, members_may_invite: true }
    assert.deepEqual([mayManage(ops, me('ada')), mayManage(ops, me('eve', 'admin'))], [true, true])
    assert.deepEqual([mayManage(ops, me('bob')), mayManage(ops, me('bob', 'dispatcher'))], [false, false])
    assert.deepEqual([mayInvite(open, me('bob')), mayInvite({ ...open, joined: false }, me('bob'))], [true, false])
    assert.deepEqual([mayInvite({ ...ops, joined: true }, me('bob')), mayInvite(ops, me('ada'))], [false, true])
  })

  it('members alone read what is said in a private one', () => {
    assert.deepEqual([mayRead(ops), mayRead({ ...ops, visibility: 'private' })], [true, false])
    assert.equal(mayRead({ joined: true, visibility: 'private' }), true)
  })
})
