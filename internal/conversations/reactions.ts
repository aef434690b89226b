import type { Db } from '#internal/db/pool'
import type { EventName } from '#internal/events/event'
import { conversationScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import { Problem } from '#internal/runtime/problem'
import type { Actor } from './conversation.ts'
import { type MessageInPlace, requireMessage } from './message.ts'
import { messageDeleted } from './messages.ts'
import { joinTopic } from './topics.ts'

/** Different emoji on one message. */
const maxEmoji = 50

/**
 * Adds a reaction; the same again changes nothing. In a public topic it joins.
 * @throws 404 no such message, 409 deleted, or more than 50 different emoji on it
 */
export function addReaction(db: Db, messageId: number, emoji: string, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const message = await requireMessage(trx, messageId, actor.id)
    if (!message.joined) await joinTopic(trx, message.conversation_id, actor, now)
    // Locked, so that a deletion at the same moment takes this reaction along.
    const found = await trx('messages').where({ id: messageId }).forUpdate().first('deleted_at')
    if (!found || found.deleted_at) throw messageDeleted()
    const others = await trx('reactions').where({ message_id: messageId }).distinct('emoji')
    if (others.length >= maxEmoji && !others.some((other) => other.emoji === emoji))
      throw new Problem('conflict', 'too_many_reactions', `A message has at most ${maxEmoji} different reactions.`)
    const row = { message_id: messageId, emoji, account_id: actor.id, created_at: now }
    const made = await trx('reactions').insert(row).onConflict().ignore().returning('emoji')
    if (made.length > 0) await emitReaction(trx, 'reaction.added', message, emoji, actor, now)
  })
}

/** Takes an own reaction back; without one nothing changes. @throws 404 no such message */
export function removeReaction(db: Db, messageId: number, emoji: string, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const message = await requireMessage(trx, messageId, actor.id)
    // Locked, as where one is added, so that counts in the log are those of its order.
    await trx('messages').where({ id: messageId }).forUpdate().first('id')
    const removed = await trx('reactions').where({ message_id: messageId, emoji, account_id: actor.id }).delete()
    if (removed > 0) await emitReaction(trx, 'reaction.removed', message, emoji, actor, now)
  })
}

/** With how many there are of this emoji from now on, so that a client may take the event twice. */
async function emitReaction(
  trx: Db,
  event: Extract<EventName, 'reaction.added' | 'reaction.removed'>,
  { id, conversation_id, seq }: MessageInPlace,
  emoji: string,
  actor: Actor,
  now: Date,
): Promise<void> {
  const { rows } = await trx.raw('select count(*)::int as count from reactions where message_id = ? and emoji = ?', [
    id,
    emoji,
  ])
  const data = { message_id: id, conversation_id, seq, emoji, username: actor.username, count: rows[0].count }
  await emit(trx, [{ scope: conversationScope(conversation_id), event, data }], now)
}
