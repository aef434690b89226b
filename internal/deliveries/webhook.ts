import { createHmac } from 'node:crypto'
import type { Message, Sender } from './delivery.ts'
import { post } from './http.ts'

export interface WebhookOptions {
  url: string
  /** `whsec_` and base64, as Standard Webhooks has it, or any other text, whose UTF-8 is the key. */
  secret: string
}

/** One POST for each object, signed as https://www.standardwebhooks.com says. */
export function createWebhook({ url, secret }: WebhookOptions): Sender {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
  return {
    channel: 'webhook',
    send(message, signal) {
      const body = JSON.stringify(payloadOf(message))
      // Of the attempt, so that a receiver may refuse what is old.
      const timestamp = String(Math.floor(Date.now() / 1000))
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': message.id,
        'webhook-id': message.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signature(key, message.id, timestamp, body),
      }
      return post({ url, headers, body }, signal)
    },
    close: () => undefined,
  }
}

function signature(key: Buffer, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

const payloadOf = (message: Message) => ({
  type: 'alert.raised',
  timestamp: message.round_at.toISOString(),
  data: {
    alert_id: message.alert_id,
    text: message.text,
    severity: message.severity,
    raised_by: message.raised_by,
    created_at: message.created_at.toISOString(),
    acknowledge_by: message.acknowledge_by?.toISOString() ?? null,
    escalates: message.escalates,
    round: message.round,
    object: { id: message.object_id, email: message.email, phone_e164: message.phone_e164 },
  },
})
