import type { Db } from '#internal/db/pool'
import { type Kind, keptItems } from './profile.ts'
import type { Fetched, Known, Post } from './provider.ts'

/** A profile that one scheduler fetches. */
export interface Claimed extends Known {
  id: number
  kind: Kind
  failures: number
  leased_until: Date
}

/** Takes the profile of these kinds that is due for longest, until `leased_until`: whoever has died by then has lost it. */
export async function claimProfile(
  db: Db,
  kinds: readonly Kind[],
  now: Date,
  leased_until: Date,
): Promise<Claimed | undefined> {
  const { rows } = await db.raw(
    `update profiles set leased_until = ? where id = (
       select p.id from profiles p
       where p.next_fetch_at <= ? and (p.leased_until is null or p.leased_until <= ?) and p.kind = any(?)
         and exists (select 1 from profile_owners o join accounts a on a.id = o.account_id
                     where o.profile_id = p.id and a.disabled_at is null)
       order by p.next_fetch_at limit 1 for update skip locked)
     returning id, kind, address, remote_id, etag, last_modified, failures, leased_until`,
    [leased_until, now, now, [...kinds]],
  )
  return rows[0]
}

/** Ends the lease with these changes. False when the lease had run out and another has taken it: then nothing changes. */
async function release(db: Db, { id, leased_until }: Claimed, changes: object): Promise<boolean> {
  const changed = await db('profiles')
    .where({ id, leased_until })
    .update({ ...changes, leased_until: null })
  return changed > 0
}

/** Stores what was fetched. What is there already keeps its time; of a profile the newest items stay. Returns how many are new. */
export function storeFetched(db: Db, claimed: Claimed, fetched: Fetched, now: Date, nextAt: Date): Promise<number> {
  return db.transaction(async (trx) => {
    const { posts = [], ...rest } = fetched
    const changes = { ...rest, failures: 0, last_fetched_at: now, last_error: null, next_fetch_at: nextAt }
    if (!(await release(trx, claimed, changes)) || posts.length === 0) return 0
    const { rows } = await trx.raw(
      `insert into feed_items as i (profile_id, external_id, author, text, url, published_at)
       select ?, p.* from json_to_recordset(?::json)
         as p(external_id text, author text, text text, url text, published_at timestamptz)
       on conflict (profile_id, external_id) do update
         set author = excluded.author, text = excluded.text, url = excluded.url
         where (i.author, i.text, i.url) is distinct from (excluded.author, excluded.text, excluded.url)
       returning xmax = 0 as is_new`,
      [claimed.id, JSON.stringify(rowsOf(posts, now))],
    )
    await trx.raw(
      `delete from feed_items where id in (
         select id from feed_items where profile_id = ? order by published_at desc, id desc offset ?)`,
      [claimed.id, keptItems],
    )
    return rows.filter((row: { is_new: boolean }) => row.is_new).length
  })
}

/** The oldest first, each external id once. No post is from the future: it would stay on top until then. */
function rowsOf(posts: readonly Post[], now: Date) {
  const unique = new Map(posts.toReversed().map((post) => [post.externalId, post]))
  const rows = [...unique.values()].map(({ externalId, publishedAt, ...rest }) => ({
    ...rest,
    external_id: externalId,
    published_at: publishedAt && publishedAt < now ? publishedAt : now,
  }))
  return rows.sort((a, b) => a.published_at.getTime() - b.published_at.getTime())
}

export async function storeFailure(
  db: Db,
  claimed: Claimed,
  failure: { reason: string; nextAt: Date; keepRemoteId: boolean },
): Promise<void> {
  const { reason, nextAt, keepRemoteId } = failure
  const remote_id = keepRemoteId ? claimed.remote_id : null
  await release(db, claimed, { failures: claimed.failures + 1, last_error: reason, next_fetch_at: nextAt, remote_id })
}

/** Gives a profile back as it was. */
export async function giveBack(db: Db, claimed: Claimed): Promise<void> {
  await release(db, claimed, {})
}

/** Fetches no profile of the kind before `until`. */
export async function holdKind(db: Db, kind: Kind, until: Date): Promise<void> {
  await db('profiles').where({ kind }).where('next_fetch_at', '<', until).update({ next_fetch_at: until })
}

/** Removes profiles that nobody has any more, with their posts. */
export function deleteOrphans(db: Db): Promise<void> {
  const isOrphan = 'not exists (select 1 from profile_owners o where o.profile_id = p.id)'
  return db.transaction(async (trx) => {
    // Who links one meanwhile locks it: it is looked at again once it is locked here.
    const locked = await trx.raw(`select id from profiles p where ${isOrphan} for update skip locked`)
    const ids = locked.rows.map(({ id }: { id: number }) => id)
    if (ids.length > 0) await trx.raw(`delete from profiles p where id = any(?) and ${isOrphan}`, [ids])
  })
}
