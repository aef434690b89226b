import type { Db } from '#internal/db/pool'
import type { FeedItem, Kind, Profile } from './profile.ts'

/** Makes a profile row for every X name in an account, or in this account, that has none yet. */
export async function ensureXProfiles(db: Db, now: Date, accountId?: number): Promise<void> {
  const one = accountId === undefined ? [] : [accountId]
  await db.raw(
    `insert into profiles (kind, address, created_at, next_fetch_at)
     select distinct 'x', lower(twitter_username), ?::timestamptz, ?::timestamptz from accounts
     where twitter_username is not null ${accountId === undefined ? '' : 'and id = ?'}
     order by 2 on conflict do nothing`,
    [now, now, ...one],
  )
}

/** The profile's id. Its row stays locked until the end of the transaction, so that it is not cleaned away before it is linked. */
export async function lockProfile(trx: Db, kind: Kind, address: string, now: Date): Promise<number> {
  const row = { kind, address, created_at: now, next_fetch_at: now }
  const [{ id }] = await trx('profiles').insert(row).onConflict(['kind', 'address']).merge(['address']).returning('id')
  return id
}

/** False when it was linked before; undefined when the account has `max` links. Links of one account are made one after the other. */
export async function link(
  trx: Db,
  row: { account_id: number; profile_id: number; linked_at: Date },
  max: number,
): Promise<boolean | undefined> {
  await trx.raw('select from accounts where id = ? for no key update', [row.account_id])
  const { account_id, profile_id } = row
  if (await trx('profile_links').where({ account_id, profile_id }).first('profile_id')) return false
  const { rows } = await trx.raw('select count(*)::int as count from profile_links where account_id = ?', [account_id])
  if (rows[0].count >= max) return undefined
  await trx('profile_links').insert(row)
  return true
}

/** False when there was no such link. */
export async function unlink(db: Db, accountId: number, profileId: number): Promise<boolean> {
  const gone = await db('profile_links').where({ account_id: accountId, profile_id: profileId }).delete()
  return gone > 0
}

const owned = (db: Db, accountId: number) =>
  db('profile_owners as o').join('profiles as p', 'p.id', 'o.profile_id').where('o.account_id', accountId).select('p.*')

/** The account's profiles, in the order in which they were first known. */
export const profilesOf = (db: Db, accountId: number): Promise<Profile[]> => owned(db, accountId).orderBy('p.id')

export const profileOf = (db: Db, accountId: number, profileId: number): Promise<Profile | undefined> =>
  owned(db, accountId).where('p.id', profileId).first()

/** The newest posts of every profile that an active account has, each once. */
export async function newestItems(db: Db, limit: number): Promise<FeedItem[]> {
  const { rows } = await db.raw(
    `select i.id, owner.username as account, p.kind as source, i.author, i.text, i.url, i.published_at
     from feed_items i
     join profiles p on p.id = i.profile_id
     cross join lateral (
       select a.username from profile_owners o join accounts a on a.id = o.account_id
       where o.profile_id = p.id and a.disabled_at is null order by a.id limit 1
     ) owner
     order by i.published_at desc, i.id desc limit ?`,
    [limit],
  )
  return rows
}

/** Profiles of each kind that somebody has, and how many of them failed the last time. */
export async function countProfiles(db: Db): Promise<{ kind: Kind; total: number; failing: number }[]> {
  const { rows } = await db.raw(
    `select kind, count(*)::int as total, count(last_error)::int as failing from profiles p
     where exists (select 1 from profile_owners o where o.profile_id = p.id) group by kind`,
  )
  return rows
}
