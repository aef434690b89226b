import type { DeadLetter } from '../../api/views.ts'

const sources: Record<string, string> = {
  'delivery:email': 'E-mail',
  'delivery:sms': 'SMS',
  'delivery:webhook': 'Webhook',
  marks: 'Mark of a client',
}

/** What kind of thing was given up on. */
export const sourceOf = (source: string): string => sources[source] ?? `Event for “${source}”`

/** A receiver's refusal is noted as the status of its answer alone. */
export const whyOf = (error: string): string =>
  /^[1-5]\d\d$/.test(error) ? `It was answered with status ${error}.` : error

export interface Part {
  text: string
  href?: string
}

type Reference = DeadLetter['reference']

/** What a dead letter stands for, in words, with where to find it. */
export function partsOf({ alert_id, object_id, round, event, position, ...rest }: Reference): Part[] {
  const parts: Part[] = []
  if (alert_id) parts.push({ text: `Alert ${alert_id}`, href: `~/alerts/${alert_id}` })
  if (object_id) parts.push({ text: `Recipient #${object_id}`, href: `/recipients/${object_id}` })
  if (round) parts.push({ text: `Resend ${round}` })
  if (event) parts.push({ text: String(event) })
  if (position) parts.push({ text: `Position ${position}` })
  const { kind, conversation_id, account_id, seq, scope } = rest
  for (const [name, value] of Object.entries({ kind, conversation_id, account_id, seq, scope }))
    if (value) parts.push({ text: `${name.replace('_id', '')} ${value}` })
  return parts
}
