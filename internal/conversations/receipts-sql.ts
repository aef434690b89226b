import type { Statement } from '#internal/db/pool'

/**
 * Locks members of conversations, in the order of conversation and account. Whoever moves delivered or read marks holds the member's row
 * first, so everything below sees settled state and each message gets each time once. Whoever posts holds the conversation before the
 * author's row and takes no other after it, so nobody waits in a circle. $1 conversations, $2 accounts, distinct pairs.
 */
export const lockMembers: Statement = {
  name: 'receipts_lock_members',
  text: `
    select m.conversation_id, m.account_id
    from unnest($1::bigint[], $2::bigint[]) as u(conversation_id, account_id)
    join members m using (conversation_id, account_id)
    order by m.conversation_id, m.account_id
    for no key update of m`,
}

const named = (from: string) => `
    select r.conversation_id, r.account_id, a.username, c.kind as conversation_kind, r.kind, r.after_seq, r.up_to_seq, r.at
    from ${from} r
    join accounts a on a.id = r.account_id
    join conversations c on c.id = r.conversation_id
    order by r.conversation_id, r.account_id, r.up_to_seq`

/**
 * Reads, $1 conversations, $2 accounts, $3 seqs, $4 times: each mark forward is a receipt of what lies between, in the order of times.
 * What was read was delivered. Who says to have read more than there is has read what there is. Returns the receipts made.
 */
export const advanceRead: Statement = {
  name: 'receipts_advance_read',
  text: `
    with mark as (
      select u.conversation_id, u.account_id, least(u.seq, c.last_seq) as seq, u.at,
        greatest(m.read_seq, m.joined_seq, max(least(u.seq, c.last_seq)) over (
          partition by u.conversation_id, u.account_id order by u.at, u.n rows between unbounded preceding and 1 preceding
        )) as after_seq
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[]) with ordinality
        as u(conversation_id, account_id, seq, at, n)
      join members m using (conversation_id, account_id)
      join conversations c on c.id = u.conversation_id and c.deleted_at is null
    ), made as (
      insert into receipts (conversation_id, account_id, kind, after_seq, up_to_seq, at)
      select conversation_id, account_id, 'read', after_seq, seq, at from mark where seq > after_seq
      returning *
    ), moved as (
      update members m
      set read_seq = r.seq,
        own_since_read = (
          select count(*) from messages x
          where x.author_id = m.account_id and x.conversation_id = m.conversation_id and x.seq > r.seq
        ),
        delivered = m.delivered + int8multirange(int8range(m.joined_seq + 1, r.seq + 1))
      from (select conversation_id, account_id, max(up_to_seq) as seq from made group by 1, 2) r
      where m.conversation_id = r.conversation_id and m.account_id = r.account_id
    )
    ${named('made')}`,
}

/**
 * Deliveries, $1 conversations, $2 accounts, $3 seqs after which, $4 seqs up to which, $5 times: what is not delivered yet becomes so, in
 * the order of times. Only messages that exist and were posted to the account as the member that it is now. Returns the receipts made.
 */
export const advanceDelivered: Statement = {
  name: 'receipts_advance_delivered',
  text: `
    with mark as (
      select u.n, u.conversation_id, u.account_id, u.at, m.delivered,
        int8range(greatest(u.after_seq, m.joined_seq) + 1, least(u.up_to_seq, c.last_seq) + 1) as range
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[]) with ordinality
        as u(conversation_id, account_id, after_seq, up_to_seq, at, n)
      join members m using (conversation_id, account_id)
      join conversations c on c.id = u.conversation_id and c.deleted_at is null
      where greatest(u.after_seq, m.joined_seq) < least(u.up_to_seq, c.last_seq)
    ), fresh as (
      select conversation_id, account_id, at, range,
        int8multirange(range) - delivered - coalesce(range_agg(range) over (
          partition by conversation_id, account_id order by at, n rows between unbounded preceding and 1 preceding
        ), '{}') as ranges
      from mark
    ), made as (
      insert into receipts (conversation_id, account_id, kind, after_seq, up_to_seq, at)
      select conversation_id, account_id, 'delivered', lower(r) - 1, upper(r) - 1, at from fresh cross join unnest(ranges) as r
      returning *
    ), moved as (
      update members m set delivered = m.delivered + f.ranges
      from (select conversation_id, account_id, range_agg(range) as ranges from fresh group by 1, 2) f
      where m.conversation_id = f.conversation_id and m.account_id = f.account_id and not m.delivered @> f.ranges
    )
    ${named('made')}`,
}
