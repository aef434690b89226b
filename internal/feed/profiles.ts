import type { Db } from '#internal/db/pool'
import { Problem } from '#internal/runtime/problem'
import { type Kind, maxProfiles, type Profile } from './profile.ts'
import { ensureXProfiles, link, lockProfile, profileOf, profilesOf, unlink } from './store.ts'

/** Sets the account's name on X, in its own record: null for none. */
export type SetXName = (db: Db, accountId: number, name: string | null) => Promise<unknown>

const notFound = () => new Problem('not_found', 'profile_not_found', 'You have not linked such a profile.')

/** Also a name on X that was set in the account this moment. */
export async function listProfiles(db: Db, accountId: number, now: Date): Promise<Profile[]> {
  await ensureXProfiles(db, now, accountId)
  return profilesOf(db, accountId)
}

/**
 * Links a profile to the account. `address` has the form of its kind; on X an account has one name, and this replaces it.
 * @throws 409 `too_many_profiles`
 */
export function linkProfile(
  db: Db,
  accountId: number,
  { kind, address }: { kind: Kind; address: string },
  { now, setXName }: { now: Date; setXName: SetXName },
): Promise<{ profile: Profile; isNew: boolean }> {
  return db.transaction(async (trx) => {
    const isX = kind === 'x'
    const id = await lockProfile(trx, kind, isX ? address.toLowerCase() : address, now)
    const before = isX && (await profileOf(trx, accountId, id))
    if (isX) await setXName(trx, accountId, address)
    const isNew = isX
      ? !before
      : await link(trx, { account_id: accountId, profile_id: id, linked_at: now }, maxProfiles)
    if (isNew === undefined)
      throw new Problem('conflict', 'too_many_profiles', `An account links at most ${maxProfiles} profiles.`)
    return { profile: (await profileOf(trx, accountId, id)) as Profile, isNew }
  })
}

/** @throws 404 when the account has not linked it */
export function unlinkProfile(db: Db, accountId: number, profileId: number, setXName: SetXName): Promise<void> {
  return db.transaction(async (trx) => {
    const profile = await profileOf(trx, accountId, profileId)
    if (!profile) throw notFound()
    if (profile.kind === 'x') await setXName(trx, accountId, null)
    else if (!(await unlink(trx, accountId, profileId))) throw notFound()
  })
}
