import type { Knex } from 'knex'
import { query } from '#internal/embedded-postgres/postmaster'
import { seedMembers } from './seed-conversations.ts'
import type { Database } from './workbench.ts'

export interface HistorySize {
  topics: number
  messages: number
}

/** Whose pages are measured: this member is in 500 conversations, 50 topics, 400 direct ones and 50 groups. */
export const reader = 1

const accounts = 1000
const membersPerTopic = 20

/**
 * Makes topics with the ids 1 to `topics`, a seventh of them private, with 20 members each of 1,000, and what the reader has
 * besides: direct conversations and groups of 10 messages. Messages come to the topics in turn, as they do where many are busy: what
 * one page shows lies apart. Topic 1, which is public, has every tenth message. Half of everything is read.
 */
export async function seedHistory({ db, url }: Database, { topics, messages }: HistorySize): Promise<void> {
  await db.transaction(async (trx) => {
    await trx.raw('set local statement_timeout = 0')
    // Foreign keys are not looked up for each of a million rows; they are right.
    await trx.raw('set local session_replication_role = replica')
    await seedMembers(trx, accounts)
    await seedConversations(trx, topics)
    await insertMessages(trx, inTurn, { messages, others: topics - 1 })
    await insertMessages(trx, inOwn, { topics })
    await trx.raw(reactions)
    await trx.raw(settle)
  })
  // As autovacuum would do, which must not begin in the middle of a measurement. It takes longer than statements of a pool may.
  await query(url, 'vacuum (analyze)')
}

async function seedConversations(trx: Knex, topics: number): Promise<void> {
  await trx.raw(
    `insert into conversations (kind, name, visibility, owner_id, last_activity_at, created_at)
     select 'topic', 'topic ' || n, case when n % 7 = 0 then 'private' else 'public' end, 2, now(), now()
     from generate_series(1, ?::int) n order by n`,
    [topics],
  )
  await trx.raw(
    `insert into conversations (kind, visibility, direct_low, direct_high, last_activity_at, created_at)
     select 'direct', 'private', 1, n, now(), now() from generate_series(2, 401) n order by n`,
  )
  await trx.raw(
    `insert into conversations (kind, name, visibility, owner_id, last_activity_at, created_at)
     select 'group', 'group ' || n, 'private', 1, now(), now() from generate_series(1, 50) n order by n`,
  )
  // The others of a topic or group: twenty different ones, by the id of the conversation.
  await trx.raw(
    `insert into members (conversation_id, account_id, joined_at, joined_seq, read_seq)
     select c.id, m.id, now(), 0, 0
     from conversations c
     cross join lateral (
       select 2 + (c.id * 37 + k * 13) % :others as id from generate_series(1, :each) k where c.kind <> 'direct'
       union all select c.direct_high where c.kind = 'direct'
       union all select :reader where c.kind <> 'topic' or c.id % (:topics / 50) = 0
     ) m`,
    { others: accounts - 1, each: membersPerTopic, reader, topics },
  )
}

/** Message i of all: every tenth goes to topic 1, the others to topic 2, 3, ... in turn. */
const inTurn = `
  select case when i % 10 = 0 then 1 else 2 + (i - i / 10 - 1) % :others end,
         case when i % 10 = 0 then i / 10 else 1 + (i - i / 10 - 1) / :others end, i
  from generate_series(1, :messages::bigint) i order by i`

/** Ten messages to each direct conversation and group. */
const inOwn = `
  select c.id, seq, c.id from generate_series(1, 10) seq, conversations c where c.id > :topics order by seq, c.id`

/** `places` selects conversation, seq and a number that makes the message: its time, author and words. */
async function insertMessages(trx: Knex, places: string, values: Record<string, number>): Promise<void> {
  await trx.raw(
    `insert into messages (conversation_id, seq, author_id, body, created_at)
     select p.c, p.s, 2 + p.i % ${accounts - 1}, 'message ' || p.i || ' of hundred' || p.i % 100 || ' and thousand' || p.i % 1000,
            timestamptz '2026-01-01' + p.i * interval '1 second'
     from (${places}) p(c, s, i)`,
    values,
  )
}

const reactions = `
  insert into reactions (message_id, emoji, account_id, created_at)
  select id, '👍', author_id, now() from messages where id % 10 = 0`

const settle = `
  with newest as (
    select conversation_id as id, max(seq) as seq, max(created_at) as at from messages group by conversation_id
  ), c as (
    update conversations c set last_seq = newest.seq, last_activity_at = newest.at,
      members_count = (select count(*) from members where conversation_id = c.id)
    from newest where newest.id = c.id returning c.id, c.last_seq
  )
  update members m set read_seq = c.last_seq / 2 from c where c.id = m.conversation_id`
