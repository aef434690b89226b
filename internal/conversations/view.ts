import type { Db } from '#internal/db/pool'
import type { Conversation, Kind, Visibility } from './conversation.ts'

export interface TopicView {
  id: number
  name: string
  description: string | null
  visibility: Visibility
  /** Username; null when everybody has left. */
  owner: string | null
  members_may_invite: boolean
  members_count: number
  last_activity_at: string
  created_at: string
  /** Whether the viewer is a member; not in events, which many see. */
  joined?: boolean
}

/** A topic as everybody sees it. */
export const topicView = (topic: Conversation): TopicView => ({
  id: topic.id,
  name: topic.name ?? '',
  description: topic.description,
  visibility: topic.visibility,
  owner: topic.owner,
  members_may_invite: topic.members_may_invite,
  members_count: topic.members_count,
  last_activity_at: topic.last_activity_at.toISOString(),
  created_at: topic.created_at.toISOString(),
})

/** A topic as the account sees it for whom it was found. */
export const topicViewFor = (topic: Conversation) => ({ ...topicView(topic), joined: topic.joined })

/** A conversation as the event `conversation.joined` has it: what is the same for all its members. */
export interface JoinedView {
  id: number
  kind: Kind
  name: string | null
  visibility: Visibility
  /** Usernames; not for topics, which may have many. */
  members?: string[]
  last_activity_at: string
}

export function joinedView(conversation: Conversation, members?: string[]): JoinedView {
  const { id, kind, name, visibility } = conversation
  const last_activity_at = conversation.last_activity_at.toISOString()
  return { id, kind, name, visibility, ...(kind === 'topic' ? {} : { members: members ?? [] }), last_activity_at }
}

/** Usernames of the members, the longest-standing first. */
export async function memberNames(db: Db, conversationId: number): Promise<string[]> {
  const { rows } = await db.raw(
    `select a.username from members m join accounts a on a.id = m.account_id
     where m.conversation_id = ? order by m.joined_at, a.id`,
    [conversationId],
  )
  return rows.map((row: { username: string }) => row.username)
}
