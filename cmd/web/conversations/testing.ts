import type { StreamEvent } from '#internal/client/index'
import type { Message } from '../api/views.ts'

/** A message of the conversation 7 by bob; its id is its seq. */
export const aMessage = (fields: Partial<Message> & { seq: number }): Message => ({
  id: fields.seq,
  conversation_id: 7,
  author: 'bob',
  body: `m${fields.seq}`,
  reply_to: null,
  attachments: [],
  reactions: [],
  created_at: new Date(Date.UTC(2026, 0, 1, 12) + fields.seq * 1000).toISOString(),
  edited_at: null,
  deleted_at: null,
  ...fields,
})

export const anEvent = (event: string, data: object, position = 1): StreamEvent => ({
  event,
  data,
  position,
  scope: 'conversation:7',
  at: '2026-01-01T12:00:00.000Z',
})
