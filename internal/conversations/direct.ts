import type { Db } from '#internal/db/pool'
import { invalidField, Problem } from '#internal/runtime/problem'
import {
  type Actor,
  conversationNotFound,
  findConversation,
  lockConversation,
  maxGroupMembers,
} from './conversation.ts'
import { addMembers, removeMember } from './joining.ts'
import { requireMayMessage } from './may-message.ts'

export interface NewConversation {
  /** Usernames; the maker is implied. */
  members: string[]
  name: string | null
}

/**
 * Opens a conversation: with one other account the one direct conversation of the two, which may exist already; with more a new group.
 * @throws 422 about `members` or `name`, 403 when one of them takes messages from friends only
 */
export function openConversation(
  db: Db,
  actor: Actor,
  { members, name }: NewConversation,
  now: Date,
): Promise<{ id: number; isNew: boolean }> {
  return db.transaction(async (trx) => {
    const others = await accountsOf(trx, members, actor)
    if (others.length === 1 && name !== null) throw invalidField('name', 'only groups have a name')
    await requireMayMessage(trx, actor.id, others)
    const opened =
      others.length === 1
        ? await findOrMakeDirect(trx, actor.id, others[0]!, now)
        : await makeGroup(trx, actor.id, name, now)
    if (opened.isNew)
      await addMembers(trx, (await findConversation(trx, opened.id, actor.id))!, [actor.id, ...others], now)
    return opened
  })
}

/** Ids of the accounts but the actor's. Disabled ones count as unknown. */
async function accountsOf(trx: Db, usernames: string[], actor: Actor): Promise<number[]> {
  const { rows } = await trx.raw(
    `select id, lower(username) as name from accounts
     where lower(username) in (select lower(u) from unnest(?::text[]) as u) and disabled_at is null`,
    [usernames],
  )
  const ids = new Map<string, number>(rows.map(({ id, name }: { id: number; name: string }) => [name, id]))
  const unknown = usernames.findIndex((username) => !ids.has(username.toLowerCase()))
  if (unknown >= 0) throw invalidField(`members.${unknown}`, 'there is no such account')
  const others = [...new Set(ids.values())].filter((id) => id !== actor.id)
  if (others.length === 0) throw invalidField('members', 'needs somebody else than you')
  if (others.length >= maxGroupMembers)
    throw invalidField('members', `a group has at most ${maxGroupMembers} members: make a topic`)
  return others
}

async function findOrMakeDirect(trx: Db, one: number, other: number, now: Date) {
  const pair = { direct_low: Math.min(one, other), direct_high: Math.max(one, other) }
  const row = { ...pair, kind: 'direct', visibility: 'private', last_activity_at: now, created_at: now }
  // Whoever makes the same one at the same moment is waited for.
  const [made] = await trx('conversations')
    .insert(row)
    .onConflict(['direct_low', 'direct_high'])
    .ignore()
    .returning('id')
  if (made) return { id: made.id as number, isNew: true }
  const found = await trx('conversations').where(pair).first('id')
  return { id: found.id as number, isNew: false }
}

async function makeGroup(trx: Db, maker: number, name: string | null, now: Date) {
  const row = { kind: 'group', name, visibility: 'private', owner_id: maker, last_activity_at: now, created_at: now }
  const [made] = await trx('conversations').insert(row).returning('id')
  return { id: made.id as number, isNew: true }
}

/** Leaves a group. @throws 404, 409 for a direct conversation, which its two members always have */
export function leaveGroup(db: Db, id: number, actor: Actor, now: Date): Promise<void> {
  return db.transaction(async (trx) => {
    const group = await lockConversation(trx, id, actor.id)
    if (!group?.joined || group.kind === 'topic') throw conversationNotFound()
    if (group.kind === 'direct')
      throw new Problem('conflict', 'direct_conversation', 'A direct conversation cannot be left.')
    await removeMember(trx, group, actor.id, 'left', now)
  })
}
