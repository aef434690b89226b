import type { Db } from '#internal/db/pool'

export interface Status {
  status: string | null
  expires_at: Date | null
}

export async function upsertStatus(
  db: Db,
  row: { account_id: number; status: string; expires_at: Date },
): Promise<void> {
  await db('statuses').insert(row).onConflict('account_id').merge()
}

/** Whether there was one that had not expired. */
export async function deleteStatus(db: Db, accountId: number, now: Date): Promise<boolean> {
  const [row] = await db('statuses').where({ account_id: accountId }).delete().returning('expires_at')
  return row !== undefined && row.expires_at > now
}

/** The status of an account at `now`, nulls when it has none; undefined when there is no such account. */
export async function statusOf(db: Db, username: string, now: Date): Promise<Status | undefined> {
  const { rows } = await db.raw(
    `select s.status, s.expires_at from accounts a
     left join statuses s on s.account_id = a.id and s.expires_at > ?
     where lower(a.username) = lower(?)`,
    [now, username],
  )
  return rows[0]
}

/** Takes up to `limit` expired statuses out, each by one caller only. */
export async function takeExpired(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ account_id: number; username: string }[]> {
  const { rows } = await db.raw(
    `delete from statuses s using accounts a
     where a.id = s.account_id and s.account_id in (
       select account_id from statuses where expires_at <= ? order by expires_at limit ? for update skip locked)
     returning s.account_id, a.username`,
    [now, limit],
  )
  return rows
}
