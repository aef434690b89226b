import type { ConversationMark, InboxMark, Mark } from '#internal/events/mark'

type Range = Extract<ConversationMark, { kind: 'delivered' }>

/** Marks with the same key may become one. */
export function keyOf(mark: Mark): string {
  if ('account_id' in mark) return `${mark.kind} ${mark.account_id} in ${mark.conversation_id}`
  return mark.kind === 'delivered' ? `${mark.object_id}` : `${mark.kind} ${mark.object_id} ${mark.alert_id}`
}

/**
 * One mark that says what two with the same key say; undefined for ranges that do not touch. A time may so become later than the truth,
 * never earlier.
 */
export function merge(known: Mark, mark: Mark): Mark | undefined {
  if ('account_id' in mark) return mergeConversationMarks(known as ConversationMark, mark)
  return mergeInboxMarks(known as InboxMark, mark)
}

/** The highest position; of what was read or acknowledged the first time. */
const mergeInboxMarks = (known: InboxMark, mark: InboxMark): Mark =>
  known.kind === 'delivered' && mark.kind === 'delivered' && known.position < mark.position ? mark : known

function mergeConversationMarks(known: ConversationMark, mark: ConversationMark): Mark | undefined {
  if (known.kind === 'read' && mark.kind === 'read') return known.seq < mark.seq ? mark : known
  return known.kind === 'delivered' && mark.kind === 'delivered' ? mergeRanges(known, mark) : undefined
}

function mergeRanges(known: Range, mark: Range): Range | undefined {
  if (mark.up_to_seq < known.after_seq || mark.after_seq > known.up_to_seq) return undefined
  if (known.after_seq <= mark.after_seq && mark.up_to_seq <= known.up_to_seq) return known
  const after_seq = Math.min(known.after_seq, mark.after_seq)
  const up_to_seq = Math.max(known.up_to_seq, mark.up_to_seq)
  const at = new Date(Math.max(Date.parse(known.at), Date.parse(mark.at))).toISOString()
  return { ...mark, after_seq, up_to_seq, at }
}
