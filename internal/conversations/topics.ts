import type { Db } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { conversationScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import { Problem } from '#internal/runtime/problem'
import {
  type Actor,
  type Conversation,
  conversationNotFound,
  findConversation,
  isReadable,
  lockConversation,
  mayManage,
  type Visibility,
} from './conversation.ts'
import { addMembers, removeAllMembers, removeMember } from './joining.ts'
import { topicView } from './view.ts'

export interface NewTopic {
  name: string
  description: string | null
  visibility: Visibility
  members_may_invite: boolean
}

export type TopicChanges = { [F in keyof NewTopic]?: NewTopic[F] | undefined }

export const topicNotFound = () => new Problem('not_found', 'topic_not_found', 'There is no such topic.')

/** A topic that the account may see; admins see every topic, though not what is said in private ones. @throws 404 */
export async function requireTopic(db: Db, id: number, actor: Actor): Promise<Conversation> {
  return visibleTopic(await findConversation(db, id, actor.id), actor)
}

async function lockTopic(trx: Db, id: number, actor: Actor): Promise<Conversation> {
  return visibleTopic(await lockConversation(trx, id, actor.id), actor)
}

function visibleTopic(topic: Conversation | undefined, actor: Actor): Conversation {
  if (topic?.kind !== 'topic' || !(isReadable(topic) || actor.role === 'admin')) throw topicNotFound()
  return topic
}

export function requireManager(topic: Conversation, actor: Actor): void {
  if (!mayManage(topic, actor))
    throw new Problem('forbidden', 'not_owner', 'Only the owner of the topic or an admin may do this.')
}

/** Its maker is owner and first member. */
export function createTopic(db: Db, actor: Actor, topic: NewTopic, now: Date): Promise<Conversation> {
  return db.transaction(async (trx) => {
    const [{ id }] = await trx('conversations')
      .insert({ ...topic, kind: 'topic', owner_id: actor.id, last_activity_at: now, created_at: now })
      .returning('id')
    await addMembers(trx, (await findConversation(trx, id, actor.id))!, [actor.id], now)
    const made = (await findConversation(trx, id, actor.id))!
    if (made.visibility === 'public') await emit(trx, [inPublicList('topic.created', made)], now)
    return made
  })
}

/** Only what differs is a change; without one nothing is told to anybody. @throws 404, 403 */
export function changeTopic(db: Db, id: number, actor: Actor, changes: TopicChanges, now: Date): Promise<Conversation> {
  return db.transaction(async (trx) => {
    const before = await lockTopic(trx, id, actor)
    requireManager(before, actor)
    const names = Object.keys(changes) as (keyof TopicChanges)[]
    if (names.every((name) => changes[name] === undefined || changes[name] === before[name])) return before
    await trx('conversations').where({ id }).update(changes)
    const after = (await findConversation(trx, id, actor.id))!
    await emit(trx, changeEvents(before, after), now)
    return after
  })
}

/** Members and messages go out of sight at once. @throws 404, 403 */
export function deleteTopic(db: Db, id: number, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const topic = await lockTopic(trx, id, actor)
    requireManager(topic, actor)
    await deleteLocked(trx, topic, now)
  })
}

async function deleteLocked(trx: Db, topic: Conversation, now: Date): Promise<void> {
  await trx('conversations').where({ id: topic.id }).update({ deleted_at: now })
  await trx('invitations').where({ conversation_id: topic.id }).delete()
  if (topic.visibility === 'public') await emit(trx, [outOfPublicList(topic)], now)
  await removeAllMembers(trx, topic.id, now)
}

/** Joins a public topic. A private one is joined by invitation. @throws 404 */
export function joinTopic(db: Db, id: number, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const topic = await lockConversation(trx, id, actor.id)
    if (topic?.kind !== 'topic' || !isReadable(topic)) throw topicNotFound()
    await addMembers(trx, topic, [actor.id], now)
  })
}

/**
 * Leaves a topic; who is no member changes nothing. An owner hands it to the longest-standing member. A private topic that the last
 * one leaves is deleted, as nobody could ever see it again. @throws 404
 */
export function leaveTopic(db: Db, id: number, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const topic = await lockConversation(trx, id, actor.id)
    if (topic?.kind !== 'topic' || !isReadable(topic)) throw topicNotFound()
    if (await removeMember(trx, topic, actor.id, 'left', now)) await settleOwner(trx, topic, actor.id, now)
  })
}

/** @throws 404, 403, 404 when the account is no member */
export function removeFromTopic(db: Db, id: number, actor: Actor, account: { id: number }, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const topic = await lockTopic(trx, id, actor)
    requireManager(topic, actor)
    if (!(await removeMember(trx, topic, account.id, 'removed', now)))
      throw new Problem('not_found', 'member_not_found', 'The account is no member of the topic.')
    await settleOwner(trx, topic, account.id, now)
  })
}

async function settleOwner(trx: Db, topic: Conversation, goneId: number, now: Date): Promise<void> {
  if (topic.members_count === 1 && topic.visibility === 'private') return deleteLocked(trx, topic, now)
  if (topic.owner_id !== goneId) return
  const next = await trx('members').where({ conversation_id: topic.id }).orderBy(['joined_at', 'account_id']).first()
  await trx('conversations')
    .where({ id: topic.id })
    .update({ owner_id: next?.account_id ?? null })
  const after = await findConversation(trx, topic.id, goneId)
  if (!after) throw conversationNotFound()
  await emit(trx, changeEvents(topic, after), now)
}

/** The scope `topics` mirrors the list of public topics: what becomes public is created there, what becomes private deleted. */
function changeEvents(before: Conversation, after: Conversation): NewEvent[] {
  const toMembers: NewEvent = { scope: conversationScope(after.id), event: 'topic.updated', data: topicView(after) }
  const [was, is] = [before.visibility === 'public', after.visibility === 'public']
  if (was && is) return [inPublicList('topic.updated', after)]
  if (was) return [outOfPublicList(after), toMembers]
  return is ? [inPublicList('topic.created', after), toMembers] : [toMembers]
}

const inPublicList = (event: 'topic.created' | 'topic.updated', topic: Conversation): NewEvent => ({
  scope: 'topics',
  event,
  data: topicView(topic),
})

const outOfPublicList = ({ id }: Conversation): NewEvent => ({ scope: 'topics', event: 'topic.deleted', data: { id } })
