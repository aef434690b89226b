import assert from 'node:assert/strict'
import type { Conversation } from '../api/views.ts'
import { aMessage, anEvent } from '../conversations/testing.ts'
import type { Choice } from './choice.ts'
import { noticeOf } from './notice-of.ts'

const conversation = (fields: Partial<Conversation>) =>
  ({ id: 7, kind: 'direct', name: null, ...fields }) as Conversation
const direct = conversation({ members: ['ada', 'bob'] })
const group = conversation({ kind: 'group', name: 'Night shift', members: ['ada', 'bob'] })
const topic = conversation({ kind: 'topic', name: 'Weather' })

const posted = (fields: object = {}) => anEvent('message.posted', aMessage({ seq: 1, body: 'Fog', ...fields }))
const toAda = (event: ReturnType<typeof anEvent>, choice: Choice, ...conversations: Conversation[]) =>
  noticeOf(event, { username: 'ada', choice, conversations })

describe('what is notified of', () => {
  it('is what others write to you, one notice for each conversation', () => {
    const tag = 'belfry-conversation-7'
    assert.deepEqual(toAda(posted(), 'personal', direct), { tag, title: 'bob', body: 'Fog', path: '/messages/7' })
    assert.equal(toAda(posted(), 'personal', group)?.title, 'bob in Night shift')
    assert.deepEqual(toAda(posted(), 'everything', topic), {
      ...{ tag, title: 'bob in Weather', body: 'Fog', path: '/topics/7' },
    })
    assert.equal(toAda(posted({ body: '' }), 'personal', direct)?.body, 'An image')
    assert.equal(toAda(posted({ body: 'x'.repeat(9000) }), 'personal', direct)?.body.length, 200)
  })

  it('is not what you write, what you only watch, topics unless you want them, nor what else happens', () => {
    assert.equal(toAda(posted({ author: 'ada' }), 'everything', direct), undefined)
    assert.equal(toAda(posted(), 'everything'), undefined)
    assert.equal(toAda(posted(), 'personal', topic), undefined)
    assert.equal(toAda(posted(), 'nothing', direct), undefined)
    assert.equal(toAda(anEvent('message.edited', aMessage({ seq: 1 })), 'everything', direct), undefined)
  })

  it('is who invites you, and who asks to be friends', () => {
    const invitation = { id: 3, topic: { id: 9, name: 'Party' }, username: 'ada', invited_by: 'bob' }
    assert.deepEqual(toAda(anEvent('invitation.created', invitation), 'personal'), {
      ...{
        tag: 'belfry-invitation-3',
        title: 'bob invites you',
        body: 'Into the private topic Party',
        path: '/topics',
      },
    })
    assert.deepEqual(toAda(anEvent('friend.requested', { username: 'bob' }), 'personal'), {
      ...{ tag: 'belfry-friend-bob', title: 'bob', body: 'Asks you to be friends', path: '/people/bob' },
    })
  })
})
