import type { ChannelConfig } from './channel-settings.ts'
import { smsText } from './content.ts'
import type { Message, Sender } from './delivery.ts'
import { type Post, post } from './http.ts'

/** SMS by a provider's HTTP interface, in the shape that SMS_PROVIDER names. The settings that it needs are there. */
export function createSms(config: ChannelConfig): Sender {
  const shape = config.SMS_PROVIDER === 'twilio' ? twilio(config) : generic(config)
  return {
    channel: 'sms',
    send: (message, signal) => post(shape(message), signal),
    close: () => undefined,
  }
}

type Shape = (message: Message) => Post

/** POST {url} with JSON {to, text, alert_id, object_id}, with `from` if SMS_FROM is set; Bearer SMS_TOKEN if that is set. */
const generic =
  ({ SMS_URL, SMS_FROM, SMS_TOKEN }: ChannelConfig): Shape =>
  (message) => ({
    url: SMS_URL!,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': message.id,
      ...(SMS_TOKEN === undefined ? {} : { authorization: `Bearer ${SMS_TOKEN}` }),
    },
    body: JSON.stringify({
      to: message.phone_e164,
      text: smsText(message),
      alert_id: message.alert_id,
      object_id: message.object_id,
      ...(SMS_FROM === undefined ? {} : { from: SMS_FROM }),
    }),
  })

/** POST {base}/2010-04-01/Accounts/{account}/Messages.json with a form of To, From and Body, and basic authentication. */
const twilio =
  ({ SMS_URL, SMS_FROM, SMS_ACCOUNT, SMS_TOKEN }: ChannelConfig): Shape =>
  (message) => ({
    url: `${SMS_URL!.replace(/\/+$/, '')}/2010-04-01/Accounts/${SMS_ACCOUNT}/Messages.json`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': message.id,
      authorization: `Basic ${Buffer.from(`${SMS_ACCOUNT}:${SMS_TOKEN}`).toString('base64')}`,
    },
    body: new URLSearchParams({ To: message.phone_e164, From: SMS_FROM!, Body: smsText(message) }).toString(),
  })
