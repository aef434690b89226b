import type { StreamEvent } from '#internal/client/index'
import type { Message } from '../api/views.ts'
import { reload } from '../live/fed.ts'

/** A part of a conversation without a gap in it, ascending by seq. */
export interface Timeline {
  messages: Message[]
  /** There is more before it. */
  older: boolean
  /** There is more behind it: it does not end with the newest message. */
  newer: boolean
}

interface Reaction {
  message_id: number
  conversation_id: number
  emoji: string
  username: string
  count: number
}

const seqOf = (message: Message | undefined): number => message?.seq ?? 0
export const lastSeq = ({ messages }: Timeline): number => seqOf(messages.at(-1))

/** What the timeline of a conversation is after an event. The same event again changes nothing. */
export function reduceTimeline(
  timeline: Timeline,
  { event, data }: StreamEvent,
  { id, username }: { id: number; username: string },
): Timeline | typeof reload {
  if ((data as { conversation_id?: number } | null)?.conversation_id !== id) return timeline
  switch (event) {
    case 'message.posted':
      return append(timeline, { ...(data as Message), reactions: [] })
    case 'message.edited':
    case 'message.deleted':
      return change(timeline, (data as Message).id, (old) => newerOf(old, data as Message))
    case 'reaction.added':
    case 'reaction.removed': {
      const reaction = data as Reaction
      const mine = reaction.username === username ? event === 'reaction.added' : undefined
      return change(timeline, reaction.message_id, (old) => react(old, reaction.emoji, reaction.count, mine))
    }
    default:
      return timeline
  }
}

function append(timeline: Timeline, message: Message): Timeline | typeof reload {
  const last = lastSeq(timeline)
  if (message.seq <= last) return timeline
  if (timeline.newer) return timeline
  // A hole: what is between was posted before this conversation was watched.
  if (message.seq > last + 1) return timeline.messages.length === 0 ? { ...timeline, newer: true } : reload
  return { ...timeline, messages: [...timeline.messages, message] }
}

function change(timeline: Timeline, messageId: number, how: (message: Message) => Message): Timeline {
  const at = timeline.messages.findIndex(({ id }) => id === messageId)
  if (at < 0) return timeline
  const old = timeline.messages[at]!
  const changed = how(old)
  return changed === old ? timeline : { ...timeline, messages: timeline.messages.with(at, changed) }
}

/** Events have no reactions; a deleted message stays deleted, and an older edit does not undo a newer one. */
function newerOf(old: Message, change: Message): Message {
  if (old.deleted_at || (old.edited_at ?? '') > (change.edited_at ?? '')) return old
  return { ...old, ...change, reactions: change.deleted_at ? [] : old.reactions }
}

/** `count` is how many there are from now on; `mine` undefined leaves it as it is. */
export function react(message: Message, emoji: string, count: number, mine: boolean | undefined): Message {
  const at = message.reactions.findIndex((reaction) => reaction.emoji === emoji)
  const old = message.reactions[at]
  const changed = { emoji, count, mine: mine ?? old?.mine ?? false }
  if (old ? old.count === count && old.mine === changed.mine : count === 0) return message
  if (count === 0) return { ...message, reactions: message.reactions.toSpliced(at, 1) }
  return { ...message, reactions: old ? message.reactions.with(at, changed) : [...message.reactions, changed] }
}

/** A page of messages as the API answers it. */
export interface MessagePage {
  items: Message[]
  next: number | null
  previous: number | null
}

export const fromPage = ({ items, next, previous }: MessagePage): Timeline => ({
  messages: items,
  older: previous !== null,
  newer: next !== null,
})

/** Puts an older page in front. A page that does not join changes nothing. */
export function prepend(timeline: Timeline, page: MessagePage): Timeline {
  const first = timeline.messages[0]
  const items = page.items.filter(({ seq }) => !first || seq < first.seq)
  if (first && items.length > 0 && items.at(-1)!.seq !== first.seq - 1) return timeline
  return { ...timeline, messages: [...items, ...timeline.messages], older: page.previous !== null }
}

/** Puts a newer page behind. A page that does not join changes nothing. */
export function extend(timeline: Timeline, page: MessagePage): Timeline {
  const last = lastSeq(timeline)
  const items = page.items.filter(({ seq }) => seq > last)
  if (timeline.messages.length > 0 && items.length > 0 && items[0]!.seq !== last + 1) return timeline
  return { ...timeline, messages: [...timeline.messages, ...items], newer: page.next !== null }
}
