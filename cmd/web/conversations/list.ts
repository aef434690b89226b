import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Conversation, Message, Topic } from '../api/views.ts'
import { type FedQuery, reload } from '../live/fed.ts'
import { loadUpTo, type Paged } from '../shared/paged.ts'

/** More than anybody has in view; whoever has more finds the rest by search. */
const atMost = 1000

export interface Advanced {
  conversation_id: number
  username: string
  kind: 'delivered' | 'read'
  after_seq: number
  up_to_seq: number
  at: string
}

/** The conversations that one is in, by latest activity. */
export const conversationsQuery = (username: string): FedQuery<Conversation[]> => ({
  queryKey: ['conversations'],
  load: async (signal) =>
    (await loadUpTo((path) => api.get<Paged<Conversation>>(path, { signal }), '/conversations', atMost)).items,
  reduce: (list, event) => reduceConversations(list, event, username),
})

/** What the list is after an event. The same event again changes nothing. */
export function reduceConversations(list: Conversation[], { event, data }: StreamEvent, username: string) {
  switch (event) {
    case 'conversation.joined':
      // It says neither what was last written there nor what is unread.
      return reload
    case 'conversation.left': {
      const { conversation_id } = data as { conversation_id: number }
      return list.some(({ id }) => id === conversation_id) ? list.filter(({ id }) => id !== conversation_id) : list
    }
    case 'topic.created':
    case 'topic.updated': {
      const { id, name, visibility } = data as Topic
      return change(list, id, (conversation) => ({ ...conversation, name, visibility }))
    }
    case 'message.posted':
      return posted(list, data as Message, username)
    case 'message.edited':
    case 'message.deleted': {
      const message = data as Message
      return change(list, message.conversation_id, (conversation) =>
        conversation.last_message?.id === message.id
          ? { ...conversation, last_message: { ...conversation.last_message, ...message } }
          : conversation,
      )
    }
    case 'receipt.advanced': {
      const read = data as Advanced
      if (read.kind !== 'read' || read.username !== username) return list
      const mine = list.find(({ id }) => id === read.conversation_id)
      if (!mine || mine.read_seq >= read.up_to_seq) return list
      // What is left counts what others wrote, which the event does not tell.
      if ((mine.last_message?.seq ?? 0) > read.up_to_seq && mine.unread_count > 0) return reload
      return change(list, mine.id, (conversation) => ({ ...conversation, unread_count: 0, read_seq: read.up_to_seq }))
    }
    default:
      return list
  }
}

function posted(list: Conversation[], message: Message, username: string): Conversation[] {
  const found = list.find(({ id }) => id === message.conversation_id)
  if (!found || (found.last_message?.seq ?? 0) >= message.seq) return list
  const unread = message.author === username ? 0 : 1
  const moved = {
    ...found,
    last_message: { ...message, reactions: [] },
    last_activity_at: message.created_at,
    unread_count: found.unread_count + unread,
  }
  return [moved, ...list.filter((conversation) => conversation !== found)]
}

function change(list: Conversation[], id: number, how: (conversation: Conversation) => Conversation) {
  const at = list.findIndex((conversation) => conversation.id === id)
  if (at < 0) return list
  const changed = how(list[at]!)
  return changed === list[at] ? list : list.with(at, changed)
}

/** What a conversation is called for one of its members. */
export function titleOf({ name, members }: Pick<Conversation, 'name' | 'members'>, username: string): string {
  if (name) return name
  const others = (members ?? []).filter((member) => member !== username)
  return others.length > 0 ? others.join(', ') : 'Only you'
}

/** One line that says what was last written. */
export function preview(message: Message, username: string, isDirect: boolean): string {
  const who = message.author === username ? 'You: ' : isDirect ? '' : `${message.author}: `
  if (message.deleted_at) return `${who}deleted a message`
  if (message.body) return who + message.body
  return `${who}${message.attachments.length > 1 ? `${message.attachments.length} images` : 'an image'}`
}
