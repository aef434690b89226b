import { type Db, prepared, type Statement } from '#internal/db/pool'
import { conversationScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import { invalidField } from '#internal/runtime/problem'
import { currentTraceparent } from '#internal/telemetry/tracing'
import type { Attached } from './attached.ts'
import { type Actor, conversationNotFound, requireReadable } from './conversation.ts'
import { mayMessageSql, notFriends } from './may-message.ts'
import { type Message, messageView } from './message.ts'
import { joinTopic } from './topics.ts'

export interface NewMessage {
  body: string
  /** Id of a message of the same conversation. */
  replyTo?: number | null
  attachmentIds?: readonly number[]
}

/**
 * One statement: the next seq, the message, its event. Only the conversation's row is waited for, and that no longer than another
 * such statement takes. The author's own row is changed after that wait, and before there is a seq: who was taken
 * out meanwhile does not post. $7 is the event's JSON without its beginning, null where the event is made later.
 */
export const post: Statement = {
  name: 'post_message',
  text: `
    with held as (
      select from conversations c
      where c.id = $1 and c.deleted_at is null
        and exists (select from members where conversation_id = c.id and account_id = $2)
        and ($4::bigint is null or exists (select 1 from messages r where r.id = $4 and r.conversation_id = c.id))
        and (c.kind <> 'direct' or ${mayMessageSql('$2::bigint', '(c.direct_low + c.direct_high - $2::bigint)')})
      for no key update
    ), own as (
      update members set own_since_read = own_since_read + 1
      where conversation_id = $1 and account_id = $2 and exists (select from held)
      returning account_id
    ), c as (
      update conversations set last_seq = last_seq + 1, last_activity_at = greatest(last_activity_at, $5)
      where id = $1 and exists (select from own)
      returning last_seq
    ), m as (
      insert into messages (conversation_id, seq, author_id, body, reply_to, created_at)
      select $1, last_seq, $2, $3, $4, $5 from c returning id, seq
    ), e as (
      insert into outbox (scope, event, at, data, traceparent)
      select 'conversation:' || $1, 'message.posted', $5, ('{"id":' || m.id || ',"conversation_id":' || $1 || ',"seq":' || m.seq || $7)::json, $6
      from m where $7::text is not null
    )
    select id, seq from m`,
}

/**
 * Posts into a conversation of which the author is a member; into a public topic anybody may post, and joins it by that.
 * @throws 404 no such conversation (or one that the author may not know of), 403 `friends_only`, 422 about `reply_to` or `attachment_ids`
 */
export async function postMessage(
  db: Db,
  author: Actor,
  conversationId: number,
  message: NewMessage,
  now: Date,
  attached: Attached,
): Promise<ReturnType<typeof messageView> & { reactions: [] }> {
  const { attachmentIds = [] } = message
  const view =
    attachmentIds.length === 0
      ? messageView(await insert(db, author, conversationId, message, now, true), [])
      : await db.transaction(async (trx) => {
          const row = await insert(trx, author, conversationId, message, now, false)
          await attached.attach(trx, { messageId: row.id, conversationId, accountId: author.id, ids: attachmentIds })
          const data = messageView(row, (await attached.attachmentsOf(trx, [row.id])).get(row.id) ?? [])
          await emit(trx, [{ scope: conversationScope(conversationId), event: 'message.posted', data }], now)
          return data
        })
  return { ...view, reactions: [] }
}

async function insert(
  db: Db,
  author: Actor,
  conversationId: number,
  { body, replyTo = null }: NewMessage,
  now: Date,
  withEvent: boolean,
): Promise<Message> {
  const row = {
    author: author.username,
    author_id: author.id,
    body,
    reply_to: replyTo,
    created_at: now,
    edited_at: null,
    deleted_at: null,
  }
  const values = [
    ...[conversationId, author.id, body, replyTo, now.toISOString(), currentTraceparent()],
    withEvent ? afterSeq(row) : null,
  ]
  const attempt = () => prepared<{ id: number; seq: number }>(db, post, values)
  let [made] = await attempt()
  if (!made) {
    await makePossible(db, author, conversationId, replyTo, now)
    ;[made] = await attempt()
  }
  // It was deleted in this moment, or the author taken out.
  if (!made) throw conversationNotFound()
  return { ...row, ...made, conversation_id: conversationId }
}

/** Finds out why nothing was posted: joins where joining is what was missing, else throws the reason. */
async function makePossible(
  db: Db,
  author: Actor,
  conversationId: number,
  replyTo: number | null,
  now: Date,
): Promise<void> {
  const conversation = await requireReadable(db, conversationId, author)
  if (replyTo !== null) {
    const original = await db('messages').where({ id: replyTo, conversation_id: conversationId }).first('id')
    if (!original) throw invalidField('reply_to', 'is no message of this conversation')
  }
  if (!conversation.joined) return joinTopic(db, conversationId, author, now)
  if (conversation.kind === 'direct') throw notFriends()
}

/** The view's JSON behind its seq: what PostgreSQL puts in front it knows first. */
export function afterSeq(row: Omit<Message, 'id' | 'conversation_id' | 'seq'>): string {
  const {
    id: _,
    conversation_id: __,
    seq: ___,
    ...rest
  } = messageView({ id: 0, conversation_id: 0, seq: 0, ...row }, [])
  return `,${JSON.stringify(rest).slice(1)}`
}
