import type { Knex } from 'knex'

// Made by the hundred thousand, so straight into the tables and not over the API.

/** Makes members with the ids 1 to `count`, the usernames m1, m2, ... and the sessions of `accountToken`. The database must have no accounts. */
export async function seedMembers(db: Knex, count: number): Promise<void> {
  await db.raw(
    `insert into accounts (username, role, password_hash, created_at)
     select 'm' || n, 'member', 'none', now() from generate_series(1, ?::int) n order by n`,
    [count],
  )
  await db.raw(
    `insert into sessions (account_id, token_hash, created_at, expires_at)
     select id, sha256(convert_to(lpad(to_hex(id), 64, '0'), 'UTF8')), now(), now() + interval '1 day' from accounts`,
  )
}

/** Makes public topics with the ids 1 to `count`, which have every account as a member. */
export async function seedTopics(db: Knex, count: number): Promise<void> {
  await db.raw(
    `insert into conversations (kind, name, visibility, owner_id, members_count, last_activity_at, created_at)
     select 'topic', 'topic ' || n, 'public', 1, (select count(*) from accounts), now(), now()
     from generate_series(1, ?::int) n order by n`,
    [count],
  )
  await db.raw(
    `insert into members (conversation_id, account_id, joined_at, joined_seq, read_seq)
     select c.id, a.id, now(), 0, 0 from conversations c, accounts a`,
  )
  await db.raw('analyze')
}
