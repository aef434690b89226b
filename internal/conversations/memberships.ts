import { type Db, prepared, type Statement } from '#internal/db/pool'

/** Whose memberships are asked for, as of which position of the log. */
export interface MembershipKey {
  accountId: number
  after: number
}

export interface Memberships {
  /** Conversations that the account was a member of at that position and is a member of now. */
  members: number[]
  /** Conversations that it is no member of now: how many joined and left events of them it has after that position. */
  gone: Map<number, number>
}

/**
 * $1 accounts, $2 positions. One statement sees one state of members, log and outbox: what has changed since a position is undone by
 * the events that say so, those on their way to the log included. Only the first one matters: who has left since then was a member.
 *
 * "offset 0" keeps the look-up of an account's own events a walk of the index (scope, position): the planner might read the whole
 * log instead.
 */
export const asOf: Statement = {
  name: 'memberships_as_of',
  text: `
    with asked as materialized (
      select n, account_id, after from unnest($1::bigint[], $2::bigint[]) with ordinality as u(account_id, after, n)
    ), now as (
      select a.n, m.conversation_id
      from asked a
      join members m on m.account_id = a.account_id
      join conversations c on c.id = m.conversation_id and c.deleted_at is null
    ), step as (
      select a.n, s.stage, s.place, s.event,
        coalesce(s.data->'conversation'->>'id', s.data->>'conversation_id')::bigint as conversation_id
      from asked a cross join lateral (
        select 0 as stage, position as place, event, data from events
        where scope = 'account:' || a.account_id and position > a.after
          and event in ('conversation.joined', 'conversation.left')
        union all
        select 1, id, event, data from outbox
        where scope = 'account:' || a.account_id and event in ('conversation.joined', 'conversation.left')
        offset 0
      ) s
    ), since as (
      select n, conversation_id, count(*) as steps, (array_agg(event order by stage, place))[1] as first
      from step group by n, conversation_id
    )
    select n, conversation_id, now.conversation_id is not null as member, steps
    from now full join since using (n, conversation_id)
    where now.conversation_id is null or first is distinct from 'conversation.joined'`,
}

interface Row {
  n: number
  conversation_id: number
  member: boolean
  steps: number
}

/** In the order of the keys. */
export async function membershipsAsOf(db: Db, keys: readonly MembershipKey[]): Promise<Memberships[]> {
  const found = keys.map((): Memberships => ({ members: [], gone: new Map() }))
  const values = [keys.map(({ accountId }) => accountId), keys.map(({ after }) => after)]
  for (const { n, conversation_id, member, steps } of await prepared<Row>(db, asOf, values)) {
    const { members, gone } = found[n - 1]!
    if (member) members.push(conversation_id)
    else gone.set(conversation_id, steps)
  }
  return found
}

/** Whether anybody may read the conversation. */
export async function isPublicTopic(db: Db, id: number): Promise<boolean> {
  const found = await db('conversations')
    .where({ id, kind: 'topic', visibility: 'public', deleted_at: null })
    .first('id')
  return found !== undefined
}
