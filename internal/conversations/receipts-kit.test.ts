import assert from 'node:assert/strict'
import type { Knex } from 'knex'
import type { ConversationMark } from '#internal/events/mark'
import type { Actor } from './conversation.ts'
import { postMessage } from './post.ts'
import { applyConversationMarks } from './receipts-apply.ts'
import { createTopic } from './topics.ts'

const nothingAttached = {
  attach: async () => undefined,
  attachmentsOf: async () => new Map<number, object[]>(),
  removeAttachmentsOf: async () => undefined,
}
const clock = { now: () => new Date() }

export const time = (second: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, second)).toISOString()

/** What tests of receipts are made of. */
export function receiptsKit(db: Knex) {
  let made = 0
  async function person(): Promise<Actor> {
    const username = `p${++made}`
    const row = { username, role: 'member', password_hash: '', created_at: new Date() }
    const [{ id }] = await db('accounts').insert(row).returning('id')
    return { id, username, role: 'member' }
  }
  async function topic(owner: Actor): Promise<number> {
    const fields = { name: 't', description: null, visibility: 'public' as const, members_may_invite: false }
    return (await createTopic(db, owner, fields, new Date())).id
  }
  const post = (author: Actor, id: number) => postMessage(db, author, id, { body: 'x' }, new Date(), nothingAttached)
  const posts = async (author: Actor, id: number, n: number) => {
    for (let i = 0; i < n; i++) await post(author, id)
  }
  const apply = (...marks: ConversationMark[]) => db.transaction((trx) => applyConversationMarks(trx, marks, clock))
  const delivered = (who: Actor, id: number, after: number, upTo: number, at = time(0)): ConversationMark => ({
    kind: 'delivered',
    account_id: who.id,
    conversation_id: id,
    after_seq: after,
    up_to_seq: upTo,
    at,
  })
  const read = (who: Actor, id: number, seq: number, at = time(0)): ConversationMark => ({
    kind: 'read',
    account_id: who.id,
    conversation_id: id,
    seq,
    at,
  })
  /** Times by kind and seq, from the ranges; a seq twice in one kind is an error. */
  async function timesOf(who: Actor, id: number): Promise<Map<string, string>> {
    const times = new Map<string, string>()
    const rows = await db('receipts').where({ account_id: who.id, conversation_id: id })
    for (const { kind, after_seq, up_to_seq, at } of rows)
      for (let seq = after_seq + 1; seq <= up_to_seq; seq++) {
        assert.ok(!times.has(`${kind} ${seq}`), `${kind} ${seq} twice`)
        times.set(`${kind} ${seq}`, at.toISOString())
      }
    return times
  }
  async function memberOf(who: Actor, id: number) {
    const { rows } = await db.raw(
      `select joined_seq, read_seq, own_since_read, array(
         select s from unnest(delivered) r cross join generate_series(lower(r), upper(r) - 1) s order by s) as delivered
       from members where account_id = ? and conversation_id = ?`,
      [who.id, id],
    )
    return rows[0] && { ...rows[0], delivered: rows[0].delivered.map(Number) }
  }
  const receiptEvents = async (scope: string) =>
    (await db('outbox').where({ scope, event: 'receipt.advanced' }).orderBy('id')).map(({ data }) => JSON.parse(data))

  return { person, topic, post, posts, apply, delivered, read, timesOf, memberOf, receiptEvents }
}

export type ReceiptsKit = ReturnType<typeof receiptsKit>
