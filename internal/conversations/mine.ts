import type { Db } from '#internal/db/pool'
import type { Attached } from './attached.ts'
import type { Kind, Visibility } from './conversation.ts'
import { type Message, messageColumns, messageViews } from './message.ts'

/** A conversation as one of its members has it. */
export interface OwnConversation {
  id: number
  kind: Kind
  name: string | null
  visibility: Visibility
  last_seq: number
  last_activity_at: Date
  /** Usernames, the longest-standing first; null for topics. */
  members: string[] | null
  unread_count: number
  read_seq: number
}

/** The values that the list is ordered by, of the last one seen. */
export interface ActivityKey {
  at: Date
  id: number
}

const columns = `
  c.id, c.kind, c.name, c.visibility, c.last_seq, c.last_activity_at, m.read_seq,
  c.last_seq - greatest(m.read_seq, m.joined_seq) - m.own_since_read as unread_count,
  case when c.kind <> 'topic' then (
    select array_agg((select username from accounts where id = o.account_id) order by o.joined_at, o.account_id)
    from members o where o.conversation_id = c.id
  ) end as members`

/** By latest activity; up to `limit`. */
export async function listOwnConversations(
  db: Db,
  accountId: number,
  after: ActivityKey | undefined,
  limit: number,
): Promise<OwnConversation[]> {
  // The page first: an array makes the planner look the few up that there are, instead of reading every conversation.
  const { rows } = await db.raw(
    `with c as materialized (
       select * from conversations c
       where c.id = any(array(select conversation_id from members where account_id = ?)) and c.deleted_at is null
         ${after ? 'and (c.last_activity_at, c.id) < (?, ?)' : ''}
       order by c.last_activity_at desc, c.id desc limit ?
     )
     select ${columns} from c join members m on m.conversation_id = c.id and m.account_id = ?
     order by c.last_activity_at desc, c.id desc`,
    [accountId, ...(after ? [after.at, after.id] : []), limit, accountId],
  )
  return rows
}

/** Undefined unless the account is a member. */
export async function findOwnConversation(db: Db, id: number, accountId: number): Promise<OwnConversation | undefined> {
  const { rows } = await db.raw(
    `select ${columns} from members m join conversations c on c.id = m.conversation_id and c.deleted_at is null
     where m.account_id = ? and c.id = ?`,
    [accountId, id],
  )
  return rows[0]
}

/** With the newest message of each. */
export async function ownConversationViews(
  db: Db,
  conversations: readonly OwnConversation[],
  accountId: number,
  attached: Pick<Attached, 'attachmentsOf'>,
) {
  const messages = await lastMessages(db, conversations)
  const views = await messageViews(db, messages, accountId, attached)
  const newest = new Map(views.map((view) => [view.conversation_id, view]))
  return conversations.map((conversation) => ({
    id: conversation.id,
    kind: conversation.kind,
    name: conversation.name,
    visibility: conversation.visibility,
    ...(conversation.members ? { members: conversation.members } : {}),
    last_message: newest.get(conversation.id) ?? null,
    last_activity_at: conversation.last_activity_at.toISOString(),
    unread_count: conversation.unread_count,
    read_seq: conversation.read_seq,
  }))
}

async function lastMessages(db: Db, conversations: readonly OwnConversation[]): Promise<Message[]> {
  if (conversations.length === 0) return []
  const { rows } = await db.raw(
    `select ${messageColumns}
     from unnest(?::bigint[], ?::bigint[]) as c(id, seq)
     join messages m on m.conversation_id = c.id and m.seq = c.seq
     join accounts a on a.id = m.author_id`,
    [conversations.map(({ id }) => id), conversations.map(({ last_seq }) => last_seq)],
  )
  return rows
}
