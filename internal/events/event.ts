/** Facts that clients may see, in the past tense. */
export const eventNames = [
  'account.updated',
  'session.revoked',
  'status.set',
  'status.expired',
  'friend.requested',
  'friend.accepted',
  'friend.removed',
  'invitation.created',
  'conversation.joined',
  'conversation.left',
  'topic.created',
  'topic.updated',
  'topic.deleted',
  'message.posted',
  'message.edited',
  'message.deleted',
  'reaction.added',
  'reaction.removed',
  'receipt.advanced',
  'alert.raised',
  'alert.receipt_advanced',
] as const

export type EventName = (typeof eventNames)[number]

/** Who may see an event: exactly one of these. */
export type Scope =
  | `account:${number}`
  | `conversation:${number}`
  | `object:${number}`
  | `status:${number}`
  | 'objects'
  | 'alerts'
  | 'topics'

/** An event as a domain emits it, in the transaction of the state that it speaks of. */
export interface NewEvent {
  scope: Scope
  event: EventName
  /** The same view as REST gives. */
  data: object
}

/** An event with its place in the log. */
export interface LogEvent {
  /** 1, 2, 3, ... without a gap, in commit order. */
  position: number
  scope: Scope
  event: EventName
  /** When it was accepted. */
  at: Date
  /** JSON text, made once when the event was emitted and passed on as it is. */
  data: string
  /** W3C trace context of the request that caused it. */
  traceparent: string | null
}
