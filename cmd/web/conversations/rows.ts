import type { Message } from '../api/views.ts'
import type { Outgoing } from './outbox.ts'
import type { Timeline } from './timeline.ts'

/** One line of the list of messages. */
export interface Row {
  /** The same from the first try of a message to its last edit. */
  key: string
  message: Message
  /** While it is not known to be posted. */
  outgoing?: Outgoing
  /** The first of its day. */
  startsDay: boolean
  /** The first of a run by one author: with name and picture. */
  startsRun: boolean
}

const runMs = 5 * 60_000

/**
 * What is shown: the messages, then what is on its way. While the fate of an outgoing message is unknown, one's own messages since it was first
 * tried are not shown: one of them may be it, and nothing is shown twice. They come back as soon as there is an answer.
 */
export function rowsOf(
  timeline: Timeline,
  outgoing: readonly Outgoing[],
  { username, keys }: { username: string; keys: ReadonlyMap<number, string> },
): Row[] {
  const unknown = outgoing.filter(
    ({ state, sinceSeq }) => sinceSeq !== undefined && state !== 'sent' && state !== 'refused',
  )
  const hiddenAfter = Math.min(...unknown.map(({ sinceSeq }) => sinceSeq!))
  const there = new Set(timeline.messages.map(({ id }) => id))
  const rows = [
    ...timeline.messages
      .filter(({ author, seq }) => author !== username || seq <= hiddenAfter)
      .map((message) => ({ key: keys.get(message.id) ?? String(message.id), message })),
    // Whoever looks at the past sees what was just written when coming back to the end.
    ...(timeline.newer ? [] : outgoing)
      .filter(({ message }) => !message || !there.has(message.id))
      .map((item) => ({ key: item.key, message: item.message ?? draftOf(item, username), outgoing: item })),
  ]
  return rows.map((row, i) => ({ ...row, ...placeOf(row.message, rows[i - 1]?.message) }))
}

function placeOf(message: Message, before: Message | undefined) {
  const [at, last] = [timeOf(message), before && timeOf(before)]
  const startsDay = at.day !== last?.day
  return { startsDay, startsRun: startsDay || before?.author !== message.author || at.ms - last!.ms > runMs }
}

// Thousands of messages are looked at each time that one comes.
const times = new WeakMap<Message, { ms: number; day: string }>()

function timeOf(message: Message): { ms: number; day: string } {
  let time = times.get(message)
  if (!time) {
    const at = new Date(message.created_at)
    time = { ms: at.getTime(), day: at.toDateString() }
    times.set(message, time)
  }
  return time
}

const draftOf = (item: Outgoing, username: string): Message => ({
  id: 0,
  conversation_id: item.conversationId,
  seq: 0,
  author: username,
  body: item.body,
  reply_to: item.replyTo,
  attachments: item.attachments,
  reactions: [],
  created_at: new Date(item.createdAt).toISOString(),
  edited_at: null,
  deleted_at: null,
})
