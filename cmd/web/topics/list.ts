import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Conversation, Invitation, Topic } from '../api/views.ts'
import type { FedQuery } from '../live/fed.ts'
import { loadUpTo, type Paged } from '../shared/paged.ts'

/** By latest activity; older ones than this are found by their messages. */
const atMost = 1000

/** The topics that one may see, by latest activity when they were loaded. */
export const topicsQuery: FedQuery<Topic[]> = {
  queryKey: ['topics'],
  load: async (signal) => (await loadUpTo((path) => api.get<Paged<Topic>>(path, { signal }), '/topics', atMost)).items,
  reduce: reduceTopics,
}

/** What the list is after an event. The same event again changes nothing. */
export function reduceTopics(list: Topic[], { event, data }: StreamEvent): Topic[] {
  switch (event) {
    case 'topic.created':
    case 'topic.updated': {
      const topic = data as Omit<Topic, 'joined'>
      const found = list.find(({ id }) => id === topic.id)
      if (found) return list.with(list.indexOf(found), { ...found, ...topic })
      // Whether one is a member, the event does not say; the list of one's own conversations does.
      return event === 'topic.created' ? [{ ...topic, joined: false }, ...list] : list
    }
    case 'topic.deleted':
      return without(list, (data as { id: number }).id)
    case 'conversation.joined':
      return join(list, (data as { conversation: { id: number } }).conversation.id, true)
    case 'conversation.left': {
      const { conversation_id, reason } = data as { conversation_id: number; reason: string }
      const stays = reason !== 'deleted' && list.find(({ id }) => id === conversation_id)?.visibility === 'public'
      return stays ? join(list, conversation_id, false) : without(list, conversation_id)
    }
    default:
      return list
  }
}

const without = (list: Topic[], gone: number) =>
  list.some(({ id }) => id === gone) ? list.filter(({ id }) => id !== gone) : list

function join(list: Topic[], id: number, joined: boolean): Topic[] {
  const at = list.findIndex((topic) => topic.id === id)
  return at < 0 || list[at]!.joined === joined ? list : list.with(at, { ...list[at]!, joined })
}

export interface TopicSections {
  invitations: Invitation[]
  mine: Conversation[]
  /** Public ones that one could join. */
  others: Topic[]
}

/** What the list shows of all that there is, for the words in the filter. */
export function topicSections(
  all: { invitations: Invitation[]; conversations: Conversation[]; topics: Topic[] },
  filter: string,
): TopicSections {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const fits = (name: string | null) => {
    const text = name?.toLocaleLowerCase() ?? ''
    return words.every((word) => text.includes(word))
  }
  const joined = new Set(all.conversations.map(({ id }) => id))
  return {
    invitations: all.invitations.filter(({ topic }) => fits(topic.name)),
    mine: all.conversations.filter(({ kind, name }) => kind === 'topic' && fits(name)),
    others: all.topics.filter((topic) => !topic.joined && !joined.has(topic.id) && fits(topic.name)),
  }
}
