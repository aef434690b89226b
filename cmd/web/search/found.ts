import type { Conversation, FoundMessage } from '../api/views.ts'
import { titleOf } from '../conversations/list.ts'
import { count } from '../shared/plural.ts'

/** What a conversation is called in which something was found. `mine`: those that one is in. */
export function nameOf(
  { id, kind, name }: FoundMessage['conversation'],
  mine: Pick<Conversation, 'id' | 'name' | 'members'>[],
  username: string,
): string {
  if (name) return name
  const own = mine.find((conversation) => conversation.id === id)
  if (own) return titleOf(own, username)
  return kind === 'direct' ? 'A direct conversation' : 'A group'
}

/** Where a found message is to be read. */
export const linkTo = ({ conversation: { id, kind }, seq }: Pick<FoundMessage, 'conversation' | 'seq'>): string =>
  `/${kind === 'topic' ? 'topics' : 'messages'}/${id}?at=${seq}`

/** How many were found, as far as is known. */
export function tally(found: number, hasMore: boolean, isSearching: boolean): string {
  if (found > 0) return count(found, 'message') + (hasMore ? ' so far' : '')
  if (isSearching) return 'Searching…'
  return hasMore ? 'Nothing in the newest messages' : 'No message has these words'
}
