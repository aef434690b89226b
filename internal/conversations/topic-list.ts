import type { Db } from '#internal/db/pool'
import type { Conversation } from './conversation.ts'
import type { ActivityKey } from './mine.ts'

/**
 * The topics that an account may see, by latest activity: public ones and its own private ones; up to `limit`. Each half is limited by
 * itself, so that the public one is a short walk of its index whatever there is.
 */
export async function listTopics(
  db: Db,
  accountId: number,
  after: ActivityKey | undefined,
  limit: number,
): Promise<Conversation[]> {
  const key = after ? [after.at, after.id] : []
  const further = after ? 'and (c.last_activity_at, c.id) < (?, ?)' : ''
  const order = 'order by c.last_activity_at desc, c.id desc limit ?'
  const { rows } = await db.raw(
    `with c as (
       (select c.* from conversations c
        where c.kind = 'topic' and c.visibility = 'public' and c.deleted_at is null ${further} ${order})
       union all
       (select c.* from conversations c
        where c.id = any(array(select conversation_id from members where account_id = ?))
          and c.kind = 'topic' and c.visibility = 'private' and c.deleted_at is null ${further} ${order})
     )
     select c.*, o.username as owner, own.account_id is not null as joined
     from c left join accounts o on o.id = c.owner_id
     left join members own on own.conversation_id = c.id and own.account_id = ?
     ${order}`,
    [...key, limit, accountId, ...key, limit, accountId, limit],
  )
  return rows
}

export interface Member {
  account_id: number
  username: string
  first_name: string | null
  last_name: string | null
  joined_at: Date
}

/** By account id, those after `after`; up to `limit`. */
export async function listMembers(db: Db, conversationId: number, after: number, limit: number): Promise<Member[]> {
  const { rows } = await db.raw(
    `select m.account_id, a.username, a.first_name, a.last_name, m.joined_at
     from members m join accounts a on a.id = m.account_id
     where m.conversation_id = ? and m.account_id > ? order by m.account_id limit ?`,
    [conversationId, after, limit],
  )
  return rows
}
