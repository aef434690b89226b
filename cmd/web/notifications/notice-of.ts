import type { StreamEvent } from '#internal/client/index'
import type { Conversation, Friend, Invitation, Message } from '../api/views.ts'
import { titleOf } from '../conversations/list.ts'
import type { Choice } from './choice.ts'
import type { Notice } from './desktop.ts'

const longest = 200

/** What to say of an event, and the address it leads to; undefined where it is not for `username`, or not wanted. */
export function noticeOf(
  { event, data }: StreamEvent,
  { username, choice, conversations }: { username: string; choice: Choice; conversations: readonly Conversation[] },
): (Notice & { path: string }) | undefined {
  if (choice === 'nothing') return undefined
  switch (event) {
    case 'message.posted': {
      const message = data as Message
      const conversation = conversations.find(({ id }) => id === message.conversation_id)
      if (!conversation || message.author === username) return undefined
      const { id, kind } = conversation
      if (kind === 'topic' && choice === 'personal') return undefined
      return {
        // One for each conversation: a hundred messages after a night are not a hundred notifications.
        tag: `belfry-conversation-${id}`,
        title: kind === 'direct' ? message.author : `${message.author} in ${titleOf(conversation, username)}`,
        body: message.body?.slice(0, longest) || 'An image',
        path: `${kind === 'topic' ? '/topics' : '/messages'}/${id}`,
      }
    }
    case 'invitation.created': {
      const { id, topic, invited_by } = data as Invitation
      return {
        tag: `belfry-invitation-${id}`,
        title: `${invited_by} invites you`,
        body: `Into the private topic ${topic.name}`,
        path: '/topics',
      }
    }
    case 'friend.requested': {
      const { username: from } = data as Friend
      return { tag: `belfry-friend-${from}`, title: from, body: 'Asks you to be friends', path: `/people/${from}` }
    }
    default:
      return undefined
  }
}
