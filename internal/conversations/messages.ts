import type { Db } from '#internal/db/pool'
import { conversationScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import { Problem } from '#internal/runtime/problem'
import type { Attached } from './attached.ts'
import type { Actor } from './conversation.ts'
import { type Message, type MessageInPlace, messageColumns, messageView, requireMessage } from './message.ts'

export interface MessagePage {
  /** Ascending by seq. */
  messages: Message[]
  /** Whether there are more before the first and after the last of them. */
  older: boolean
  newer: boolean
}

/** The `limit` messages next to a seq, or the newest. `after` and `before` are exclusive; at most one is given. */
export async function pageOfMessages(
  db: Db,
  conversationId: number,
  { after, before, limit }: { after?: number | undefined; before?: number | undefined; limit: number },
): Promise<MessagePage> {
  const forward = after !== undefined
  const edge = after ?? before
  const { rows } = await db.raw(
    `select ${messageColumns} from messages m join accounts a on a.id = m.author_id
     where m.conversation_id = ? ${edge === undefined ? '' : `and m.seq ${forward ? '>' : '<'} ?`}
     order by m.seq ${forward ? 'asc' : 'desc'} limit ?`,
    [conversationId, ...(edge === undefined ? [] : [edge]), limit + 1],
  )
  const more = rows.length > limit
  const messages: Message[] = rows.slice(0, limit)
  // seq begins with 1 and has no gaps.
  if (forward) return { messages, newer: more, older: (messages[0]?.seq ?? 1) > 1 }
  messages.reverse()
  return { messages, older: more, newer: before !== undefined }
}

/** @throws 404, 403 not the author, 409 deleted */
export function editMessage(
  db: Db,
  id: number,
  actor: Actor,
  body: string,
  now: Date,
  { attachmentsOf }: Pick<Attached, 'attachmentsOf'>,
): Promise<Message> {
  return db.transaction(async (trx) => {
    const message = await requireMessage(trx, id, actor.id)
    if (message.author_id !== actor.id)
      throw new Problem('forbidden', 'not_author', 'Only its author may edit a message.')
    const changed = await trx('messages').where({ id, deleted_at: null }).update({ body, edited_at: now })
    if (changed === 0) throw messageDeleted()
    const edited = { ...message, body, edited_at: now }
    const data = messageView(edited, (await attachmentsOf(trx, [id])).get(id) ?? [])
    await emit(trx, [{ scope: conversationScope(message.conversation_id), event: 'message.edited', data }], now)
    return edited
  })
}

/**
 * Takes a message's body, reactions and attachments away; its seq stays. Deleting it again changes nothing.
 * @throws 404, 403 neither the author nor, in a topic, its owner or an admin
 */
export function deleteMessage(
  db: Db,
  id: number,
  actor: Actor,
  now: Date,
  { removeAttachmentsOf }: Pick<Attached, 'removeAttachmentsOf'>,
): Promise<void> {
  return db.transaction(async (trx) => {
    const message = await requireMessage(trx, id, actor.id)
    if (!mayDelete(message, actor))
      throw new Problem('forbidden', 'not_author', 'Only its author, or who runs the topic, may delete a message.')
    const deleted = await trx('messages').where({ id, deleted_at: null }).update({ body: null, deleted_at: now })
    if (deleted === 0) return
    await trx('reactions').where({ message_id: id }).delete()
    await removeAttachmentsOf(trx, id)
    const data = messageView({ ...message, body: null, deleted_at: now }, [])
    await emit(trx, [{ scope: conversationScope(message.conversation_id), event: 'message.deleted', data }], now)
  })
}

const mayDelete = (message: MessageInPlace, actor: Actor) =>
  message.author_id === actor.id ||
  (message.kind === 'topic' && (message.owner_id === actor.id || actor.role === 'admin'))

export const messageDeleted = () => new Problem('conflict', 'message_deleted', 'The message was deleted.')
