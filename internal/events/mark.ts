/** What clients confirm, on its way from push to worker. Times are RFC 3339. */
export type Mark = InboxMark | ConversationMark

/** What a client has of its inbox: everything up to a position, or one alert read or acknowledged. */
export type InboxMark =
  | { kind: 'delivered'; object_id: number; position: number; at: string }
  | { kind: 'read' | 'acknowledged'; object_id: number; alert_id: number; at: string }

/** What an account has of a conversation: the messages with after_seq < seq <= up_to_seq, or everything up to seq read. */
export type ConversationMark =
  | { kind: 'delivered'; account_id: number; conversation_id: number; after_seq: number; up_to_seq: number; at: string }
  | { kind: 'read'; account_id: number; conversation_id: number; seq: number; at: string }
