import type { Db } from '#internal/db/pool'
import { accountScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import { Problem } from '#internal/runtime/problem'
import { type Actor, lockConversation, mayManage } from './conversation.ts'
import { addMembers } from './joining.ts'
import { topicNotFound } from './topics.ts'

export interface Invitation {
  id: number
  topic_id: number
  topic_name: string
  account_id: number
  /** Usernames. */
  username: string
  invited_by: string
  created_at: Date
}

export const invitationView = ({ id, topic_id, topic_name, username, invited_by, created_at }: Invitation) => ({
  id,
  topic: { id: topic_id, name: topic_name },
  username,
  invited_by,
  created_at: created_at.toISOString(),
})

const select = `
  select i.id, c.id as topic_id, c.name as topic_name, i.account_id, a.username, b.username as invited_by, i.created_at
  from invitations i
  join conversations c on c.id = i.conversation_id
  join accounts a on a.id = i.account_id
  join accounts b on b.id = i.invited_by`

/**
 * Invites an account into a topic. Inviting again changes nothing and answers the invitation that there is.
 * @throws 404 no such topic, 403 may not invite, 409 member already
 */
export function invite(
  db: Db,
  topicId: number,
  actor: Actor,
  account: { id: number },
  now: Date,
): Promise<{ invitation: Invitation; isNew: boolean }> {
  return db.transaction(async (trx) => {
    const topic = await lockConversation(trx, topicId, actor.id)
    if (topic?.kind !== 'topic') throw topicNotFound()
    const manages = mayManage(topic, actor)
    if (!manages && !topic.joined) throw topic.visibility === 'public' ? mayNotInvite() : topicNotFound()
    if (!manages && !topic.members_may_invite) throw mayNotInvite()
    const member = await trx('members').where({ conversation_id: topicId, account_id: account.id }).first('account_id')
    if (member) throw new Problem('conflict', 'already_member', 'The account is a member already.')
    const row = { conversation_id: topicId, account_id: account.id, invited_by: actor.id, created_at: now }
    const [made] = await trx('invitations').insert(row).onConflict().ignore().returning('id')
    const { rows } = await trx.raw(`${select} where i.conversation_id = ? and i.account_id = ?`, [topicId, account.id])
    const invitation: Invitation = rows[0]
    if (made) {
      const data = invitationView(invitation)
      await emit(trx, [{ scope: accountScope(account.id), event: 'invitation.created', data }], now)
    }
    return { invitation, isNew: made !== undefined }
  })
}

/** Those that wait for the account's answer, oldest first; up to `limit`. */
export async function listInvitations(db: Db, accountId: number, after: number, limit: number): Promise<Invitation[]> {
  const { rows } = await db.raw(`${select} where i.account_id = ? and i.id > ? order by i.id limit ?`, [
    accountId,
    after,
    limit,
  ])
  return rows
}

/** Joins the topic and ends the invitation. Returns the topic's id. @throws 404 no such invitation for this account */
export function acceptInvitation(db: Db, id: number, actor: Actor, now: Date): Promise<number> {
  return db.transaction(async (trx) => {
    const invitation = await trx('invitations').where({ id, account_id: actor.id }).first('conversation_id')
    if (!invitation) throw invitationNotFound()
    // The conversation first, as everybody else locks it; then the invitation may be gone.
    const topic = await lockConversation(trx, invitation.conversation_id, actor.id)
    const taken = await trx('invitations').where({ id, account_id: actor.id }).delete()
    if (!topic || taken === 0) throw invitationNotFound()
    await addMembers(trx, topic, [actor.id], now)
    return topic.id
  })
}

/** @throws 404 no such invitation for this account */
export async function declineInvitation(db: Db, id: number, actor: Actor): Promise<void> {
  const declined = await db('invitations').where({ id, account_id: actor.id }).delete()
  if (declined === 0) throw invitationNotFound()
}

const mayNotInvite = () =>
  new Problem('forbidden', 'may_not_invite', 'Only the owner may invite, unless members are allowed to.')
const invitationNotFound = () => new Problem('not_found', 'invitation_not_found', 'There is no such invitation.')
