import type { Mark } from '#internal/events/mark'
import type { Client } from './client.ts'

/** What a client has confirmed by a pong with this position, or by coming with it as its cursor. */
export function deliveredMarks(client: Client, position: number, now: Date): Mark[] {
  const at = now.toISOString()
  const { object, session } = client.identity
  if (object) return [{ kind: 'delivered', object_id: object.id, position, at }]
  // A cursor alone proves nothing of messages: nobody knows where the client began.
  const ranges = client.delivered?.confirm(position) ?? []
  if (client.delivered?.isEmpty) client.delivered = undefined
  return ranges.map(({ conversationId, after, upTo }) => ({
    kind: 'delivered',
    account_id: session!.accountId,
    conversation_id: conversationId,
    after_seq: after,
    up_to_seq: upTo,
    at,
  }))
}
