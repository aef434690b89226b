import type { Db } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import { Problem } from '#internal/runtime/problem'
import { type Friendship, type FriendView, friendView, type Person } from './friend.ts'
import { acceptRequest, deleteFriendship, findFriendship, findPerson, insertRequest, personById } from './store.ts'

/**
 * Asks another account to be friends; who was asked by it accepts with that. Of two requests that cross one waits for the other's row
 * and accepts it.
 * @throws 404 `account_not_found`; 409 `already_friends` or `already_requested`
 */
export function askFriend(
  db: Db,
  me: number,
  other: Person,
  now: Date,
): Promise<{ made: 'request' | 'friendship'; view: FriendView }> {
  return db.transaction(async (trx) => {
    const request = await insertRequest(trx, me, other.id, now)
    if (request) {
      const data = friendView(await personById(trx, me), request)
      await emit(trx, [{ scope: `account:${other.id}`, event: 'friend.requested', data }], now)
      return { made: 'request', view: friendView(other, request) }
    }
    const accepted = await acceptRequest(trx, me, other.id, now)
    if (accepted) return { made: 'friendship', view: await tellBoth(trx, me, other, accepted, now) }
    const friendship = await findFriendship(trx, me, other.id)
    // Deleted in the moment since the insert met it.
    if (!friendship) return askFriend(trx, me, other, now)
    throw friendship.accepted_at
      ? new Problem('conflict', 'already_friends', 'You are friends already.')
      : new Problem('conflict', 'already_requested', 'You have asked already.')
  })
}

/** Accepts the other's request; friends stay friends. @throws 404 `friend_request_not_found` */
export function acceptFriend(db: Db, me: number, other: Person, now: Date): Promise<FriendView> {
  return db.transaction(async (trx) => {
    const accepted = await acceptRequest(trx, me, other.id, now)
    if (accepted) return tellBoth(trx, me, other, accepted, now)
    const friendship = await findFriendship(trx, me, other.id)
    if (!friendship?.accepted_at)
      throw new Problem('not_found', 'friend_request_not_found', 'This account has not asked you.')
    return friendView(other, friendship)
  })
}

/** Ends a friendship, takes a request back or declines one. @throws 404 `friend_not_found` */
export function removeFriend(db: Db, me: number, other: Person, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    if (!(await deleteFriendship(trx, me, other.id)))
      throw new Problem('not_found', 'friend_not_found', 'There is neither a friendship nor a request.')
    const { username } = await personById(trx, me)
    await emit(
      trx,
      [
        { scope: `account:${me}`, event: 'friend.removed', data: { username: other.username } },
        { scope: `account:${other.id}`, event: 'friend.removed', data: { username } },
      ],
      now,
    )
  })
}

/** @throws 404 `account_not_found` */
export async function requirePerson(db: Db, username: string): Promise<Person> {
  const person = await findPerson(db, username)
  if (!person) throw new Problem('not_found', 'account_not_found', 'There is no such account.')
  return person
}

/** Each side hears of the other. Returns what `me` sees. */
async function tellBoth(trx: Db, me: number, other: Person, friendship: Friendship, now: Date): Promise<FriendView> {
  const mine = friendView(other, friendship)
  const accepted = (id: number, data: FriendView): NewEvent => ({
    scope: `account:${id}`,
    event: 'friend.accepted',
    data,
  })
  const theirs = friendView(await personById(trx, me), friendship)
  await emit(trx, [accepted(me, mine), accepted(other.id, theirs)], now)
  return mine
}
