import type { Db } from '#internal/db/pool'
import type { FriendState, Friendship, Person } from './friend.ts'

const columns = ['low_id', 'high_id', 'requested_by', 'created_at', 'accepted_at'] as const
const personColumns = ['id', 'username', 'first_name', 'last_name'] as const

/** The key of the row of two accounts. */
const pair = (one: number, other: number) => ({ low_id: Math.min(one, other), high_id: Math.max(one, other) })

export function findPerson(db: Db, username: string): Promise<Person | undefined> {
  return db('accounts').whereRaw('lower(username) = lower(?)', [username]).first(personColumns)
}

export function personById(db: Db, id: number): Promise<Person> {
  return db('accounts').where({ id }).first(personColumns)
}

export function findFriendship(db: Db, one: number, other: number): Promise<Friendship | undefined> {
  return db('friendships').where(pair(one, other)).first(columns)
}

/** Undefined when there is one already, whatever its state. */
export async function insertRequest(db: Db, from: number, to: number, now: Date): Promise<Friendship | undefined> {
  const [row] = await db('friendships')
    .insert({ ...pair(from, to), requested_by: from, created_at: now })
    .onConflict(['low_id', 'high_id'])
    .ignore()
    .returning(columns)
  return row
}

/** Turns the other's request into a friendship. Undefined when there is none. */
export async function acceptRequest(db: Db, me: number, other: number, now: Date): Promise<Friendship | undefined> {
  const [row] = await db('friendships')
    .where({ ...pair(me, other), requested_by: other })
    .whereNull('accepted_at')
    .update({ accepted_at: now })
    .returning(columns)
  return row
}

/** Deletes a friendship or a request of either side. False when there is neither. */
export async function deleteFriendship(db: Db, one: number, other: number): Promise<boolean> {
  return (await db('friendships').where(pair(one, other)).delete()) === 1
}

export interface FriendFilter {
  state?: FriendState | undefined
  /** Lower-case username of the last one seen. */
  after?: string | undefined
  limit: number
}

export type FriendRow = Person & Omit<Friendship, 'low_id' | 'high_id'>

/** An account's friends and requests by username; up to `limit + 1` rows. */
export async function listFriends(db: Db, me: number, { state, after, limit }: FriendFilter): Promise<FriendRow[]> {
  const rows = db
    .select('a.id', 'a.username', 'a.first_name', 'a.last_name', 'f.requested_by', 'f.created_at', 'f.accepted_at')
    .from(
      db.raw(
        `(select high_id as other_id, requested_by, created_at, accepted_at from friendships where low_id = ?
          union all
          select low_id, requested_by, created_at, accepted_at from friendships where high_id = ?) f`,
        [me, me],
      ),
    )
    .joinRaw('join accounts a on a.id = f.other_id')
    .orderByRaw('lower(a.username)')
    .limit(limit + 1)
  if (after !== undefined) rows.whereRaw('lower(a.username) > ?', [after])
  if (state === 'friend') rows.whereNotNull('f.accepted_at')
  if (state === 'requested') rows.whereNull('f.accepted_at').where('f.requested_by', me)
  if (state === 'asked') rows.whereNull('f.accepted_at').whereNot('f.requested_by', me)
  return rows
}
