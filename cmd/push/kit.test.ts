import type { Actor, Visibility } from '#internal/conversations/conversation'
import { lockConversation } from '#internal/conversations/conversation'
import { openConversation } from '#internal/conversations/direct'
import { addMembers } from '#internal/conversations/joining'
import { postMessage } from '#internal/conversations/post'
import {
  changeTopic,
  createTopic,
  deleteTopic,
  joinTopic,
  leaveTopic,
  removeFromTopic,
} from '#internal/conversations/topics'
import type { Db } from '#internal/db/pool'
import type { LogEvent } from '#internal/events/event'
import type { TestDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { aSession } from './testing.ts'

const attached = {
  attach: async () => undefined,
  attachmentsOf: async () => new Map<number, object[]>(),
  removeAttachmentsOf: async () => undefined,
}

export type Person = Actor & { token: string }

/** Conversations as the API makes them. Each function takes a transaction in which it is to happen. */
export function conversationsKit(database: TestDatabase) {
  const { db } = database
  let made = 0
  return {
    async person(name = `person${++made}`): Promise<Person> {
      const { account, token } = await aSession(database, name)
      return { id: account.id, username: name, role: 'member', token }
    },
    async topic(owner: Actor, visibility: Visibility = 'public'): Promise<number> {
      const topic = { name: `topic ${++made}`, description: null, visibility, members_may_invite: false }
      return (await createTopic(db, owner, topic, new Date())).id
    },
    async direct(one: Actor, other: Actor): Promise<number> {
      return (await openConversation(db, one, { members: [other.username], name: null }, new Date())).id
    },
    async post(author: Actor, id: number, body = 'x', trx: Db = db): Promise<number> {
      return (await postMessage(trx, author, id, { body }, new Date(), attached)).seq
    },
    join: (actor: Actor, id: number, trx: Db = db) => joinTopic(trx, id, actor, new Date()),
    /** Also into a private topic. */
    add: (actor: Actor, id: number, trx: Db = db) =>
      trx.transaction(async (inner) => {
        await addMembers(inner, (await lockConversation(inner, id, actor.id))!, [actor.id], new Date())
      }),
    leave: (actor: Actor, id: number, trx: Db = db) => leaveTopic(trx, id, actor, new Date()),
    remove: (owner: Actor, id: number, gone: Actor, trx: Db = db) => removeFromTopic(trx, id, owner, gone, new Date()),
    change: (owner: Actor, id: number, visibility: Visibility, trx: Db = db) =>
      changeTopic(trx, id, owner, { visibility }, new Date()),
    delete: (owner: Actor, id: number) => deleteTopic(db, id, owner, new Date()),
    /** Resolves when the relay has moved everything; with the position of the log then. */
    async allInLog(): Promise<number> {
      await waitFor(async () => (await db('outbox').count())[0]!.count === 0, { what: 'the outbox to be empty' })
      return (await db('log_head').first()).position
    },
    /** What the account is to see of the whole log now, by the rule and not by the code: positions. */
    async visibleTo({ id }: Actor): Promise<number[]> {
      const events: LogEvent[] = await db('events').orderBy('position')
      const now = new Set<number>(await db('members').where({ account_id: id }).pluck('conversation_id'))
      const inside = new Set<number>()
      return events.flatMap(({ position, scope, event, data }) => {
        if (scope === 'topics') return [position]
        const [kind, of] = scope.split(':')
        if (kind === 'conversation') return now.has(Number(of)) && inside.has(Number(of)) ? [position] : []
        if (scope !== `account:${id}`) return []
        const { conversation, conversation_id } = JSON.parse(data)
        if (event === 'conversation.joined') inside.add(conversation.id)
        if (event === 'conversation.left') inside.delete(conversation_id)
        return event !== 'conversation.joined' || now.has(conversation.id) ? [position] : []
      })
    },
  }
}

export type ConversationsKit = ReturnType<typeof conversationsKit>
