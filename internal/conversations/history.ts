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

/** Direct messages that the account has sent or received since `since`, newest first, those with an id below `before`; up to `limit`. */
export async function listDirectMessages(
  db: Db,
  accountId: number,
  { since, before, limit }: { since: Date; before: number | undefined; limit: number },
): Promise<DirectMessage[]> {
  const { rows } = await db.raw(
    `select x.id, s.username as sender, t.username as recipient, x.body, x.created_at,
            least(d.at, r.at) as delivered_at, r.at as read_at
     from conversations c
     join messages x on x.conversation_id = c.id and x.created_at >= ? ${before === undefined ? '' : 'and x.id < ?'}
     join members m on m.conversation_id = c.id and m.account_id = c.direct_low + c.direct_high - x.author_id
     join accounts s on s.id = x.author_id
     join accounts t on t.id = m.account_id
     ${timeOf('delivered', 'd', 'x.seq')} ${timeOf('read', 'r', 'x.seq')}
     where c.direct_low = ? or c.direct_high = ?
     order by x.id desc limit ?`,
    [since, ...(before === undefined ? [] : [before]), accountId, accountId, limit],
  )
  return rows
}
