import { createTransport, type NodemailerError } from 'nodemailer'
import { mailText, subjectOf } from './content.ts'
import type { Outcome, Sender } from './delivery.ts'

export interface EmailOptions {
  /** smtp:// or smtps://, with user and password where the server wants them. */
  url: string
  from: string
  /** Connections at once. */
  connections: number
}

const greetingTimeoutMs = 10_000

/** E-mail over SMTP, connections kept open for a while. The Message-ID is the same for every attempt. */
export function createEmail({ url, from, connections }: EmailOptions): Sender {
  const transport = createTransport(
    {
      pool: true,
      url,
      maxConnections: connections,
      connectionTimeout: greetingTimeoutMs,
      greetingTimeout: greetingTimeoutMs,
      dnsTimeout: greetingTimeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  )
  const domain = /@([^\s@<>]+)>?$/.exec(from)![1]
  return {
    channel: 'email',
    async send(message, signal) {
      try {
        await transport.sendMail({
          // An object: the address is one, whatever is in it.
          to: { name: '', address: message.email },
          subject: subjectOf(message),
          text: mailText(message),
          messageId: `<${message.id}@${domain}>`,
          date: message.round_at,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Belfry-Alert': String(message.alert_id) },
          ...(message.severity === 'critical' ? { priority: 'high' as const } : {}),
          signal,
        })
        return { kind: 'sent' }
      } catch (error) {
        return outcomeOf(error as NodemailerError)
      }
    },
    close: () => transport.close(),
  }
}

/**
 * A 5xx answer to the recipient or to the message is final. One to the connection, the login or the sender speaks of the
 * configuration, which somebody may mend.
 */
function outcomeOf(error: NodemailerError): Outcome {
  const { code, command, responseCode = 0, message } = error
  if (code === 'EABORT') return { kind: 'failed', error: 'The mail server did not answer in time.' }
  const final = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
  return { kind: final ? 'refused' : 'failed', error: message }
}
