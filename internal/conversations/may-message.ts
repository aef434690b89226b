import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'

/** True in SQL when account `from` may write to account `to`; both are SQL expressions. */
export const mayMessageSql = (from: string, to: string) => `(
  exists (select 1 from accounts r where r.id = ${to} and r.who_may_message = 'anyone')
  or exists (select 1 from friendships f where f.accepted_at is not null
             and f.low_id = least(${from}, ${to}) and f.high_id = greatest(${from}, ${to})))`

export const notFriends = () =>
  new Problem('forbidden', 'friends_only', 'Some of them take messages from friends only.')

/** @throws 403 when one of the accounts takes messages from friends only and `from` is none */
export async function requireMayMessage(db: Db, from: number, to: readonly number[]): Promise<void> {
  const { rows } = await db.raw(
    `select 1 from unnest(?::bigint[]) as t(id) where not ${mayMessageSql('?::bigint', 't.id')} limit 1`,
    [[...to], from, from],
  )
  if (rows.length > 0) throw notFriends()
}
