import type { Knex } from 'knex'
import { applyMarks as applyInboxMarks } from '#internal/alerts/receipts'
import { applyConversationMarks } from '#internal/conversations/receipts-apply'
import type { ConversationMark, InboxMark, Mark } from '#internal/events/mark'
import type { Clock } from '#internal/runtime/clock'

/** Applies marks of inboxes and of conversations, always in this order: whoever locks the rows of both does so in the same one. */
export async function applyMarks(trx: Knex.Transaction, marks: Mark[], clock: Clock): Promise<void> {
  const ofConversations = marks.filter((mark): mark is ConversationMark => 'account_id' in mark)
  const ofInboxes = marks.filter((mark): mark is InboxMark => 'object_id' in mark)
  if (ofConversations.length > 0) await applyConversationMarks(trx, ofConversations, clock)
  if (ofInboxes.length > 0) await applyInboxMarks(trx, ofInboxes, clock)
}
