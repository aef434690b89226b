export const outwardChannels = ['email', 'sms', 'webhook'] as const
/** How an alert leaves the product. */
export type OutwardChannel = (typeof outwardChannels)[number]

export const deliveryStates = ['pending', 'sending', 'sent', 'failed', 'dead'] as const
/**
 * pending -> sending -> sent, or failed (another attempt comes), or dead (none comes). `sending` is committed before the call, so a
 * worker that dies in it leaves it behind; after the lease another one takes it.
 */
export type DeliveryState = (typeof deliveryStates)[number]

/** One message to one object by one channel. */
export interface DeliveryKey {
  alert_id: number
  object_id: number
  channel: OutwardChannel
  /** 0 for the raise, 1 for the first resend. */
  round: number
}

export interface Delivery extends DeliveryKey {
  state: DeliveryState
  attempts: number
  due_at: Date | null
  sent_at: Date | null
  /** Of the last attempt that failed. */
  error: string | null
}

/** What a channel is given to send. */
export interface Message extends DeliveryKey {
  /**
   * The same for every attempt at this delivery and for nothing else, also not in another installation or after a restore: providers
   * and receivers may take it to see a repetition. Letters, digits and dashes.
   */
  id: string
  text: string
  severity: 'info' | 'warning' | 'critical'
  raised_by: string
  created_at: Date
  acknowledge_by: Date | null
  escalates: number | null
  /** The object's. */
  email: string
  phone_e164: string
  /** When this round was asked for. */
  round_at: Date
}

/** What came of an attempt. */
export type Outcome =
  | { kind: 'sent' }
  /** Another attempt may succeed; not before `retryAfterMs`. */
  | { kind: 'failed'; error: string; retryAfterMs?: number }
  /** The provider asks for fewer: nothing is wrong with the message. */
  | { kind: 'throttled'; error: string; retryAfterMs: number }
  /** No other attempt can succeed. */
  | { kind: 'refused'; error: string }

export interface Sender {
  channel: OutwardChannel
  /** One attempt. Never rejects but for a fault of the program; ends soon after `signal` aborts. */
  send(message: Message, signal: AbortSignal): Promise<Outcome>
  /** Ends idle connections. */
  close(): void
}
