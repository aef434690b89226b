import type { Message } from './delivery.ts'

const maxSubject = 120
/** What Twilio takes; others split or cut where they must. */
const maxSms = 1600

const labels = { info: 'Info', warning: 'Warning', critical: 'CRITICAL' } as const

/** One line, whatever the alert's text has in it: severity and how the text begins. */
export function subjectOf({ severity, text }: Pick<Message, 'severity' | 'text'>): string {
  // Also Unicode's own line ends, which some mail programs break at.
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return `[${labels[severity]}] ${cut(line, maxSubject)}`
}

/** Plain text: the alert's own, and where it comes from. */
export function mailText({ text, alert_id, raised_by, created_at, acknowledge_by }: Message): string {
  const due = acknowledge_by ? `\nTo be acknowledged by ${acknowledge_by.toISOString()}.` : ''
  return `${text}\n\n-- \nAlert ${alert_id}, raised by ${raised_by} at ${created_at.toISOString()}.${due}\n`
}

export function smsText({ severity, text }: Pick<Message, 'severity' | 'text'>): string {
  return cut(`${labels[severity]}: ${text}`, maxSms)
}

/** At most `max` UTF-16 units, the last an ellipsis where something is missing, never half of a surrogate pair. */
function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
