import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'

/** Who acts: an account. */
export interface Actor {
  id: number
  username: string
  role: 'admin' | 'dispatcher' | 'member'
}

export type Kind = 'topic' | 'group' | 'direct'
export type Visibility = 'public' | 'private'

/** Members of a direct or group conversation, the maker included. A larger circle is a topic. */
export const maxGroupMembers = 100

/** A conversation with what one account is in it. Deleted ones are never found. */
export interface Conversation {
  id: number
  kind: Kind
  name: string | null
  description: string | null
  visibility: Visibility
  members_may_invite: boolean
  owner_id: number | null
  /** Username. */
  owner: string | null
  last_seq: number
  members_count: number
  last_activity_at: Date
  created_at: Date
  /** Whether the account is a member. */
  joined: boolean
}

const select = `
  select c.id, c.kind, c.name, c.description, c.visibility, c.members_may_invite, c.owner_id, o.username as owner, c.last_seq,
         c.members_count, c.last_activity_at, c.created_at, m.account_id is not null as joined
  from conversations c
  left join accounts o on o.id = c.owner_id
  left join members m on m.conversation_id = c.id and m.account_id = ?`

/** Undefined when there is none, or it was deleted. It may be one that the account must not know of: see `requireReadable`. */
export async function findConversation(db: Db, id: number, accountId: number): Promise<Conversation | undefined> {
  const { rows } = await db.raw(`${select} where c.id = ? and c.deleted_at is null`, [accountId, id])
  return rows[0]
}

/** The same, locked until the end of the transaction: whoever joins, leaves, posts or changes it waits. */
export async function lockConversation(trx: Db, id: number, accountId: number): Promise<Conversation | undefined> {
  // A statement of its own: one that waits for the lock goes on with the members that there were before the wait.
  // "no key" lets foreign keys through: a member's row that is changed twice in one transaction is checked against this one again.
  await trx.raw('select from conversations where id = ? for no key update', [id])
  return findConversation(trx, id, accountId)
}

export const conversationNotFound = () =>
  new Problem('not_found', 'conversation_not_found', 'There is no such conversation.')

export const isReadable = (conversation: Pick<Conversation, 'kind' | 'visibility' | 'joined'>) =>
  conversation.joined || (conversation.kind === 'topic' && conversation.visibility === 'public')

/** The conversation, when the account may read what is in it. @throws 404: what one may not know of does not exist. */
export async function requireReadable(db: Db, id: number, actor: Actor): Promise<Conversation> {
  const conversation = await findConversation(db, id, actor.id)
  if (!conversation || !isReadable(conversation)) throw conversationNotFound()
  return conversation
}

export const mayManage = (conversation: Pick<Conversation, 'owner_id'>, actor: Actor) =>
  conversation.owner_id === actor.id || actor.role === 'admin'
