import type { Db } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import { accountScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import type { Conversation } from './conversation.ts'
import { joinedView, memberNames } from './view.ts'

/*
 * Who is in a conversation. Every function here runs in a transaction that has locked the conversation's row, so that joins, leaves
 * and posts of one conversation come one after the other, in the log as in the tables.
 */

export type LeaveReason = 'left' | 'removed' | 'deleted'

/** Makes accounts members; those who are already stay as they are. Returns how many were added. */
export async function addMembers(
  trx: Db,
  conversation: Conversation,
  accountIds: readonly number[],
  now: Date,
): Promise<number> {
  const { rows } = await trx.raw(
    `insert into members (conversation_id, account_id, joined_at, joined_seq, read_seq)
     select ?, id, ?, ?, ? from unnest(?::bigint[]) as id on conflict do nothing returning account_id`,
    [conversation.id, now, conversation.last_seq, conversation.last_seq, [...accountIds]],
  )
  if (rows.length === 0) return 0
  await trx('conversations').where({ id: conversation.id }).increment('members_count', rows.length)
  const names = conversation.kind === 'topic' ? undefined : await memberNames(trx, conversation.id)
  const data = { conversation: joinedView(conversation, names) }
  const joined: NewEvent[] = rows.map(({ account_id }: { account_id: number }) => ({
    scope: accountScope(account_id),
    event: 'conversation.joined',
    data,
  }))
  await emit(trx, joined, now)
  return rows.length
}

/** Takes a member out. False when the account is none. */
export async function removeMember(
  trx: Db,
  conversation: Conversation,
  accountId: number,
  reason: LeaveReason,
  now: Date,
): Promise<boolean> {
  const removed = await trx('members').where({ conversation_id: conversation.id, account_id: accountId }).delete()
  if (removed === 0) return false
  await trx('conversations').where({ id: conversation.id }).decrement('members_count', 1)
  await emit(trx, [left(conversation.id, accountId, reason)], now)
  return true
}

/** Takes everybody out, in one statement whatever the number. Rows are locked in the order in which receipts lock them. */
export async function removeAllMembers(trx: Db, conversationId: number, now: Date): Promise<void> {
  const data = JSON.stringify({ conversation_id: conversationId, reason: 'deleted' satisfies LeaveReason })
  await trx.raw(
    `with held as materialized (
       select conversation_id, account_id from members where conversation_id = ? order by account_id for update
     ), gone as (
       delete from members m using held
       where m.conversation_id = held.conversation_id and m.account_id = held.account_id
       returning m.account_id
     )
     insert into outbox (scope, event, at, data)
     select 'account:' || account_id, 'conversation.left', ?, ?::json from gone`,
    [conversationId, now, data],
  )
}

const left = (conversationId: number, accountId: number, reason: LeaveReason): NewEvent => ({
  scope: accountScope(accountId),
  event: 'conversation.left',
  data: { conversation_id: conversationId, reason },
})
