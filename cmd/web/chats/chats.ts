import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import { Refused } from '../api/problem.ts'
import type { Conversation } from '../api/views.ts'
import { titleOf } from '../conversations/list.ts'
import { type FedQuery, reload } from '../live/fed.ts'

/** A direct or group conversation, or that there is none (any more): nothing that went wrong. */
export type ChatState = { chat: Conversation } | { gone: 'left' | 'unknown' }

export const chatKey = (id: number) => ['conversation', id] as const

/** One conversation that one is, or was, in. */
export const chatQuery = (id: number): FedQuery<ChatState> => ({
  queryKey: chatKey(id),
  load: async (signal) => {
    try {
      return { chat: await api.get<Conversation>(`/conversations/${id}`, { signal }) }
    } catch (error) {
      if (error instanceof Refused && error.code === 'conversation_not_found') return { gone: 'unknown' }
      throw error
    }
  },
  reduce: (state, event) => reduceChat(state, event, id),
})

/** What is known of the conversation after an event. The same event again changes nothing. */
export function reduceChat(state: ChatState, { event, data }: StreamEvent, id: number): ChatState | typeof reload {
  if (event === 'conversation.joined')
    return (data as { conversation: { id: number } }).conversation.id === id ? reload : state
  if (event === 'conversation.left' && !('gone' in state))
    return (data as { conversation_id: number }).conversation_id === id ? { gone: 'left' } : state
  return state
}

/** Who is in it besides oneself. */
export const othersIn = ({ members }: Pick<Conversation, 'members'>, username: string): string[] =>
  (members ?? []).filter((member) => member !== username)

/** The direct and group conversations whose name, or a member's, has what is typed in it. */
export function chatsFor(conversations: Conversation[], typed: string, username: string): Conversation[] {
  const words = typed.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return conversations.filter((conversation) => {
    if (conversation.kind === 'topic') return false
    const text = [titleOf(conversation, username), ...othersIn(conversation, username)].join(' ').toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}
