import DataLoader from 'dataloader'
import { type MembershipKey, type Memberships, membershipsAsOf } from '#internal/conversations/memberships'
import type { Db } from '#internal/db/pool'

/** The memberships of an account as of a position. */
export type FindMemberships = (key: MembershipKey) => Promise<Memberships>

/** Clients that come back together are looked up together. */
export function createFindMemberships(db: Db): FindMemberships {
  const loader = new DataLoader<MembershipKey, Memberships>((keys) => membershipsAsOf(db, keys), {
    cache: false,
    maxBatchSize: 1000,
    batchScheduleFn: (dispatch) => setTimeout(dispatch, 2),
  })
  return (key) => loader.load(key)
}
