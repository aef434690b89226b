import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import type { Attached } from './attached.ts'
import { isReadable } from './conversation.ts'

export interface Message {
  id: number
  conversation_id: number
  seq: number
  /** Username. */
  author: string
  author_id: number
  /** Null once deleted. */
  body: string | null
  reply_to: number | null
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
}

export interface Reaction {
  emoji: string
  count: number
  /** Whether the viewer is among those who reacted so. */
  mine: boolean
}

export const messageColumns = `
  m.id, m.conversation_id, m.seq, a.username as author, m.author_id, m.body, m.reply_to, m.created_at, m.edited_at, m.deleted_at`

/** A message as everybody sees it; the same in events. */
export const messageView = (message: Message, attachments: object[]) => ({
  id: message.id,
  conversation_id: message.conversation_id,
  seq: message.seq,
  author: message.author,
  body: message.body,
  reply_to: message.reply_to,
  attachments,
  created_at: message.created_at.toISOString(),
  edited_at: message.edited_at?.toISOString() ?? null,
  deleted_at: message.deleted_at?.toISOString() ?? null,
})

/** Messages as one account sees them, in the order given. */
export async function messageViews(
  db: Db,
  messages: readonly Message[],
  accountId: number,
  { attachmentsOf }: Pick<Attached, 'attachmentsOf'>,
) {
  const ids = messages.map(({ id }) => id)
  const [attachments, reactions] = await Promise.all([attachmentsOf(db, ids), reactionsOf(db, ids, accountId)])
  return messages.map((message) => ({
    ...messageView(message, attachments.get(message.id) ?? []),
    reactions: reactions.get(message.id) ?? [],
  }))
}

/** Reactions by message id, in the order in which each emoji first came. */
async function reactionsOf(db: Db, messageIds: number[], accountId: number): Promise<Map<number, Reaction[]>> {
  const found = new Map<number, Reaction[]>()
  if (messageIds.length === 0) return found
  const { rows } = await db.raw(
    `select message_id, emoji, count(*)::int as count, bool_or(account_id = ?) as mine from reactions
     where message_id = any(?) group by message_id, emoji order by message_id, min(created_at), emoji`,
    [accountId, messageIds],
  )
  for (const { message_id, ...reaction } of rows as (Reaction & { message_id: number })[]) {
    const others = found.get(message_id)
    if (others) others.push(reaction)
    else found.set(message_id, [reaction])
  }
  return found
}

export const messageNotFound = () => new Problem('not_found', 'message_not_found', 'There is no such message.')

/** A message with what decides who may do what with it. */
export interface MessageInPlace extends Message {
  /** Of its conversation. */
  kind: 'topic' | 'group' | 'direct'
  visibility: 'public' | 'private'
  owner_id: number | null
  joined: boolean
}

/** A message that the account may read. @throws 404 */
export async function requireMessage(db: Db, id: number, accountId: number): Promise<MessageInPlace> {
  const { rows } = await db.raw(
    `select ${messageColumns}, c.kind, c.visibility, c.owner_id, own.account_id is not null as joined
     from messages m
     join accounts a on a.id = m.author_id
     join conversations c on c.id = m.conversation_id and c.deleted_at is null
     left join members own on own.conversation_id = m.conversation_id and own.account_id = ?
     where m.id = ?`,
    [accountId, id],
  )
  const message: MessageInPlace | undefined = rows[0]
  if (!message || !isReadable(message)) throw messageNotFound()
  return message
}
