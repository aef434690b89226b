import type { QueryClient } from '@tanstack/react-query'
import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import { Refused } from '../api/problem.ts'
import type { Me, Topic } from '../api/views.ts'
import { type FedQuery, reload } from '../live/fed.ts'
import { isAdmin } from '../shell/me.ts'

/** Why a topic is not there. `hidden`: deleted or made private, which are not told apart; `unknown`: there may never have been one. */
export type Gone = 'deleted' | 'removed' | 'left' | 'hidden' | 'unknown'

/** A topic, or that there is none (any more): nothing that went wrong. */
export type TopicState = { topic: Topic } | { gone: Gone }

export const topicKey = (id: number) => ['topic', id] as const

/** Takes over what a request answered. */
export function keepTopic(queries: QueryClient, topic: Topic): void {
  const state: TopicState = { topic }
  queries.setQueryData(topicKey(topic.id), state)
}

/** One topic, which one may have no right to see. */
export const topicQuery = (id: number): FedQuery<TopicState> => ({
  queryKey: topicKey(id),
  load: async (signal) => {
    try {
      return { topic: await api.get<Topic>(`/topics/${id}`, { signal }) }
    } catch (error) {
      if (error instanceof Refused && error.code === 'topic_not_found') return { gone: 'unknown' }
      throw error
    }
  },
  reduce: (state, event) => reduceTopic(state, event, id),
})

/** What is known of the topic after an event. The same event again changes nothing. */
export function reduceTopic(state: TopicState, { event, data }: StreamEvent, id: number): TopicState | typeof reload {
  switch (event) {
    case 'topic.created':
    case 'topic.updated': {
      const topic = data as Omit<Topic, 'joined'>
      if (topic.id !== id) return state
      return 'gone' in state ? reload : { topic: { ...state.topic, ...topic } }
    }
    case 'topic.deleted':
      if ((data as { id: number }).id !== id || 'gone' in state) return state
      // Members are told more: that it became private, or that they have left it.
      return state.topic.joined ? state : { gone: 'hidden' }
    case 'conversation.joined':
      return (data as { conversation: { id: number } }).conversation.id === id ? reload : state
    case 'conversation.left': {
      const { conversation_id, reason } = data as { conversation_id: number; reason: Gone }
      if (conversation_id !== id || 'gone' in state) return state
      return reason !== 'deleted' && state.topic.visibility === 'public' ? reload : { gone: reason }
    }
    default:
      return state
  }
}

type Rights = Pick<Topic, 'owner' | 'joined' | 'members_may_invite'>

/** Whether one may change and delete it, and take members out. */
export const mayManage = ({ owner }: Pick<Topic, 'owner'>, me: Me): boolean => owner === me.username || isAdmin(me)

export const mayInvite = (topic: Rights, me: Me): boolean =>
  mayManage(topic, me) || (topic.joined && topic.members_may_invite)

/** Whether one may read what is said in it. (Admins see that private topics exist.) */
export const mayRead = ({ visibility, joined }: Pick<Topic, 'visibility' | 'joined'>): boolean =>
  joined || visibility === 'public'
