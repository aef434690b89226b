import assert from 'node:assert/strict'
import { Refused, Unreachable } from '../api/problem.ts'
import type { Conversation } from '../api/views.ts'
import { reload } from '../live/fed.ts'
import { chatsFor, reduceChat } from './chats.ts'
import { whyNot } from './open-chat.ts'

const chat = (id: number, kind: Conversation['kind'], members: string[], name: string | null = null) =>
  ({ id, kind, name, members }) as Conversation

describe('the list of conversations', () => {
  const list = [
    chat(1, 'topic', [], 'Slipway'),
    chat(2, 'direct', ['me', 'bob']),
    chat(3, 'group', ['me', 'bob', 'cleo'], 'Slipway crew'),
    chat(4, 'group', ['me']),
  ]
  const ids = (typed: string) => chatsFor(list, typed, 'me').map(({ id }) => id)

  it('has no topics, and keeps its order', () => {
    assert.deepEqual(ids(''), [2, 3, 4])
  })

  it('is found by the name of a group and by who else is in it', () => {
    assert.deepEqual([ids('SLIP'), ids('bob'), ids('bob crew'), ids('me')], [[3], [2, 3], [3], []])
  })
})

describe('a conversation that is open, after an event', () => {
  const state = { chat: chat(3, 'group', ['me', 'bob']) }
  const following = (event: string, data: object) =>
    reduceChat(state, { event, data, position: 1, scope: '', at: '' }, 3)

  it('is gone once one has left it, and asked for again when one is back', () => {
    assert.deepEqual(following('conversation.left', { conversation_id: 3, reason: 'left' }), { gone: 'left' })
    assert.equal(following('conversation.joined', { conversation: { id: 3 } }), reload)
    assert.equal(following('conversation.left', { conversation_id: 4, reason: 'left' }), state)
  })
})

describe('why a conversation cannot be opened', () => {
  const refused = (code: string, path?: string) =>
    new Refused({ status: 422, code, detail: 'no', ...(path && { errors: [{ path, message: 'is wrong' }] }) })

  it('is said of those who were chosen', () => {
    assert.match(whyNot(refused('friends_only'), ['bob']), /^bob takes messages from friends only/)
    assert.match(whyNot(refused('friends_only'), ['bob', 'cleo']), /^One of them takes messages from friends only/)
    assert.equal(whyNot(refused('invalid_fields', 'members.1'), ['bob', 'cleo']), 'There is no account cleo any more.')
    assert.equal(whyNot(refused('invalid_fields', 'members'), ['bob']), 'is wrong')
    assert.match(whyNot(new Unreachable(), ['bob']), /cannot be reached/)
  })
})
