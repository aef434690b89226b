import type { Db } from '#internal/db/pool'
import type { Message } from './message.ts'

export interface Recipient {
  account_id: number
  username: string
  delivered_at: Date | null
  read_at: Date | null
}

export interface RecipientCounts {
  recipients: number
  delivered: number
  read: number
}

type Place = Pick<Message, 'conversation_id' | 'seq' | 'author_id'>

/** Joins the advance of member `m` that covered the seq, an SQL expression; rows of one kind do not overlap: there is one at most. */
export const timeOf = (kind: 'delivered' | 'read', name: string, seq: string) => `
  left join lateral (
    select r.at from receipts r
    where r.conversation_id = m.conversation_id and r.account_id = m.account_id and r.kind = '${kind}'
      and r.up_to_seq >= ${seq} and r.after_seq < ${seq}
    order by r.up_to_seq limit 1
  ) ${name} on true`

/**
 * To whom a message went: the members who were in the conversation when it was posted, but its author. What was read was delivered,
 * at the latest then. By account id, those after `after`; up to `limit`.
 */
export async function listRecipients(
  db: Db,
  { conversation_id, seq, author_id }: Place,
  after: number,
  limit: number,
): Promise<Recipient[]> {
  const { rows } = await db.raw(
    `select m.account_id, a.username, least(d.at, r.at) as delivered_at, r.at as read_at
     from members m join accounts a on a.id = m.account_id
     ${timeOf('delivered', 'd', '?')} ${timeOf('read', 'r', '?')}
     where m.conversation_id = ? and m.joined_seq < ? and m.account_id <> ? and m.account_id > ?
     order by m.account_id limit ?`,
    [seq, seq, seq, seq, conversation_id, seq, author_id, after, limit],
  )
  return rows
}

export async function countRecipients(db: Db, { conversation_id, seq, author_id }: Place): Promise<RecipientCounts> {
  const { rows } = await db.raw(
    `select count(*)::int as recipients,
            count(*) filter (where delivered @> ?::bigint or read_seq >= ?)::int as delivered,
            count(*) filter (where read_seq >= ?)::int as read
     from members where conversation_id = ? and joined_seq < ? and account_id <> ?`,
    [seq, seq, seq, conversation_id, seq, author_id],
  )
  return rows[0]
}

/** How far a member of a small circle has come. */
export interface MemberMarks {
  username: string
  /** It got the messages after this one. */
  joined_seq: number
  read_seq: number
  /** What was delivered to it: after_seq < seq <= up_to_seq, ascending, without overlap. */
  delivered: { after_seq: number; up_to_seq: number }[]
}

/** The marks of all members, the longest-standing first. For direct and group conversations, which have few. */
export async function listMarks(db: Db, conversationId: number): Promise<MemberMarks[]> {
  const { rows } = await db.raw(
    `select a.username, m.joined_seq, m.read_seq, (
       select coalesce(json_agg(json_build_object('after_seq', lower(r) - 1, 'up_to_seq', upper(r) - 1) order by r), '[]')::text
       from unnest(m.delivered) as r
     ) as delivered
     from members m join accounts a on a.id = m.account_id
     where m.conversation_id = ? order by m.joined_at, m.account_id`,
    [conversationId],
  )
  return rows.map((row: Omit<MemberMarks, 'delivered'> & { delivered: string }) => ({
    ...row,
    delivered: JSON.parse(row.delivered),
  }))
}
