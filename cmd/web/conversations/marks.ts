import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { ConversationReceipts, Message } from '../api/views.ts'
import { type FedQuery, reload } from '../live/fed.ts'
import type { Advanced } from './list.ts'

export type Marks = ConversationReceipts['items']

/** How far the members of a direct or group conversation have come. */
export const marksQuery = (conversationId: number): FedQuery<Marks> => ({
  queryKey: ['marks', conversationId],
  load: async (signal) =>
    (await api.get<ConversationReceipts>(`/conversations/${conversationId}/receipts`, { signal })).items,
  reduce: (marks, event) => reduceMarks(marks, event, conversationId),
})

export function reduceMarks(marks: Marks, { event, data }: StreamEvent, conversationId: number): Marks | typeof reload {
  if (event !== 'receipt.advanced') return marks
  const mark = data as Advanced
  if (mark.conversation_id !== conversationId) return marks
  const at = marks.findIndex(({ username }) => username === mark.username)
  const old = marks[at]
  if (!old) return reload
  if (mark.kind === 'read')
    return old.read_seq >= mark.up_to_seq ? marks : marks.with(at, { ...old, read_seq: mark.up_to_seq })
  const { after_seq, up_to_seq } = mark
  if (old.delivered.some((range) => range.after_seq <= after_seq && range.up_to_seq >= up_to_seq)) return marks
  return marks.with(at, { ...old, delivered: [...old.delivered, { after_seq, up_to_seq }] })
}

export type Certainty = 'sent' | 'delivered' | 'read'

/** What is certain of all who were to get a message. */
export function certaintyOf({ seq, author }: Pick<Message, 'seq' | 'author'>, marks: Marks): Certainty {
  const recipients = marks.filter(({ username, joined_seq }) => username !== author && joined_seq < seq)
  if (recipients.length === 0) return 'sent'
  if (recipients.every(({ read_seq }) => read_seq >= seq)) return 'read'
  const has = ({ read_seq, delivered }: Marks[number]) =>
    read_seq >= seq || delivered.some(({ after_seq, up_to_seq }) => after_seq < seq && seq <= up_to_seq)
  return recipients.every(has) ? 'delivered' : 'sent'
}
