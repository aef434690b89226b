import type { Knex } from 'knex'
import { type Db, prepared } from '#internal/db/pool'
import type { NewEvent } from '#internal/events/event'
import type { ConversationMark } from '#internal/events/mark'
import { accountScope, conversationScope } from '#internal/events/scope'
import { emit } from '#internal/log/outbox'
import type { Clock } from '#internal/runtime/clock'
import { invalidField } from '#internal/runtime/problem'
import { conversationNotFound, type Kind } from './conversation.ts'
import { advanceDelivered, advanceRead, lockMembers } from './receipts-sql.ts'

type ReadMark = Extract<ConversationMark, { kind: 'read' }>
type DeliveredMark = Extract<ConversationMark, { kind: 'delivered' }>
type Member = Pick<ConversationMark, 'conversation_id' | 'account_id'>

/** An account has got, or read, the messages with after_seq < seq <= up_to_seq. */
interface Receipt extends Member {
  username: string
  conversation_kind: Kind
  kind: 'delivered' | 'read'
  after_seq: number
  up_to_seq: number
  at: Date
}

// Keeps one insert of events below the 65,535 parameters that PostgreSQL takes.
const eventsPerInsert = 5000

/**
 * Applies what clients confirmed: receipts, the marks of members and events, in a constant number of statements. Marks may be late,
 * repeated, in any order, and applied by several processes at once: each message is delivered and read once, at the first time that
 * came. Marks of who is no member, or of messages that do not exist, change nothing.
 */
export async function applyConversationMarks(
  trx: Knex.Transaction,
  marks: readonly ConversationMark[],
  clock: Clock,
): Promise<void> {
  const possible = marks.filter(isPossible)
  const members = await lock(trx, possible)
  const valid = possible.filter((mark) => members.has(keyOf(mark)))
  // Deliveries before reads: a batch that has both, as after an outage, then keeps the time at which a message came.
  const receipts = [
    ...(await deliver(trx, valid.filter(isDeliveredMark))),
    ...(await read(trx, valid.filter(isReadMark))),
  ]
  await announce(trx, receipts, clock.now())
}

/**
 * Reads a conversation up to a seq at once, with everything that follows from it. A lower one than before changes nothing.
 * @throws 404 when the account is no member; 422 about `seq` when there is no such message yet
 */
export async function markRead(
  db: Db,
  accountId: number,
  conversationId: number,
  seq: number,
  now: Date,
): Promise<void> {
  const mark: ReadMark = {
    kind: 'read',
    account_id: accountId,
    conversation_id: conversationId,
    seq,
    at: now.toISOString(),
  }
  await db.transaction(async (trx) => {
    const members = await lock(trx, [mark])
    const conversation = await trx('conversations').where({ id: conversationId, deleted_at: null }).first('last_seq')
    if (members.size === 0 || !conversation) throw conversationNotFound()
    if (seq > conversation.last_seq) throw invalidField('seq', `there are ${conversation.last_seq} messages`)
    await announce(trx, await read(trx, [mark]), now)
  })
}

const isPossible = (mark: ConversationMark) =>
  [
    mark.account_id,
    mark.conversation_id,
    ...(mark.kind === 'read' ? [mark.seq] : [mark.after_seq, mark.up_to_seq]),
  ].every(Number.isSafeInteger)
const isReadMark = (mark: ConversationMark): mark is ReadMark => mark.kind === 'read'
const isDeliveredMark = (mark: ConversationMark): mark is DeliveredMark => mark.kind === 'delivered'
const keyOf = ({ conversation_id, account_id }: Member) => `${conversation_id} ${account_id}`

/** The members among those that the marks speak of, by key. Their rows are locked. */
async function lock(trx: Db, marks: readonly Member[]): Promise<Set<string>> {
  const distinct = [...new Map(marks.map((mark) => [keyOf(mark), mark])).values()]
  if (distinct.length === 0) return new Set()
  const rows = await prepared<Member>(trx, lockMembers, [
    distinct.map((member) => member.conversation_id),
    distinct.map((member) => member.account_id),
  ])
  return new Set(rows.map(keyOf))
}

async function read(trx: Db, marks: ReadMark[]): Promise<Receipt[]> {
  if (marks.length === 0) return []
  return prepared<Receipt>(trx, advanceRead, [
    marks.map((mark) => mark.conversation_id),
    marks.map((mark) => mark.account_id),
    marks.map((mark) => mark.seq),
    marks.map((mark) => mark.at),
  ])
}

async function deliver(trx: Db, marks: DeliveredMark[]): Promise<Receipt[]> {
  if (marks.length === 0) return []
  return prepared<Receipt>(trx, advanceDelivered, [
    marks.map((mark) => mark.conversation_id),
    marks.map((mark) => mark.account_id),
    marks.map((mark) => mark.after_seq),
    marks.map((mark) => mark.up_to_seq),
    marks.map((mark) => mark.at),
  ])
}

async function announce(trx: Db, receipts: Receipt[], now: Date): Promise<void> {
  const events = receipts.flatMap(eventsOf)
  for (let i = 0; i < events.length; i += eventsPerInsert) await emit(trx, events.slice(i, i + eventsPerInsert), now)
}

/** In a small circle everybody sees who has what. A topic may have many thousand members: there only the account's own devices do. */
function eventsOf(receipt: Receipt): NewEvent[] {
  const { conversation_id, account_id, username, kind, after_seq, up_to_seq, at } = receipt
  const data = { conversation_id, username, kind, after_seq, up_to_seq, at: at.toISOString() }
  if (receipt.conversation_kind !== 'topic')
    return [{ scope: conversationScope(conversation_id), event: 'receipt.advanced', data }]
  return kind === 'read' ? [{ scope: accountScope(account_id), event: 'receipt.advanced', data }] : []
}
