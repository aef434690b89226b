import type { Db } from '#internal/db/pool'
import { timeOf } from './receipts.ts'

/** A direct message as seed 003 shows it: with its one recipient and its times. */
export interface DirectMessage {
  id: number
  sender: string
  recipient: string
  /** Null once deleted. */
  body: string | null
  created_at: Date
  delivered_at: Date | null
  read_at: Date | null
}

/**
 * Direct messages that the account has sent or received since `since`, newest first, those with an id below `before`; up to `limit`.
 * The page first, of the newest of each conversation: times are looked up for what is on it alone.
 */
export async function listDirectMessages(
  db: Db,
  accountId: number,
  { since, before, limit }: { since: Date; before: number | undefined; limit: number },
): Promise<DirectMessage[]> {
  const { rows } = await db.raw(
    `with x as materialized (
       select x.*, c.direct_low + c.direct_high - x.author_id as recipient_id
       from conversations c cross join lateral (
         select id, conversation_id, seq, author_id, body, created_at from messages
         where conversation_id = c.id and created_at >= ? ${before === undefined ? '' : 'and id < ?'}
         order by seq desc limit ?
       ) x
       where c.id = any(array(select conversation_id from members where account_id = ?))
         and c.kind = 'direct' and c.last_activity_at >= ?
       order by x.id desc limit ?
     )
     select x.id, s.username as sender, t.username as recipient, x.body, x.created_at,
            least(d.at, r.at) as delivered_at, r.at as read_at
     from x
     join members m on m.conversation_id = x.conversation_id and m.account_id = x.recipient_id
     join accounts s on s.id = x.author_id
     join accounts t on t.id = x.recipient_id
     ${timeOf('delivered', 'd', 'x.seq')} ${timeOf('read', 'r', 'x.seq')}
     order by x.id desc`,
    [since, ...(before === undefined ? [] : [before]), limit, accountId, since, limit],
  )
  return rows
}
