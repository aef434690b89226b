import type { Db } from '#internal/db/pool'
import { backoffMs } from '#internal/runtime/backoff'
import type { Clock } from '#internal/runtime/clock'
import {
  type Claimed,
  claimProfile,
  deleteOrphans,
  giveBack,
  holdKind,
  storeFailure,
  storeFetched,
} from './collect-store.ts'
import { FetchError, type Provider } from './provider.ts'
import { ensureXProfiles } from './store.ts'

const minuteMs = 60_000
const intervalMs = 15 * minuteMs
const longestMs = 24 * 60 * minuteMs
/** Longer than any fetch can take. */
const leaseMs = 2 * minuteMs
const atOnce = 4
/** A run begins no fetch after this: the next run goes on. */
const runMs = 50_000

export interface CollectDeps {
  clock: Clock
  /** Those that are configured. */
  providers: readonly Provider[]
  /** Aborted when the process is about to end. */
  signal?: AbortSignal | undefined
  /** Told of failures that are no answer of a provider. */
  onError: (error: unknown, profileId: number) => void
}

export type CollectCounts = Record<'fetched' | 'failed' | 'items', number>

/** Fetches the profiles that are due, a few at once, and stores their new posts. Any number may run at once. */
export async function collect(db: Db, deps: CollectDeps): Promise<CollectCounts> {
  const counts: CollectCounts = { fetched: 0, failed: 0, items: 0 }
  await ensureXProfiles(db, deps.clock.now())
  const until = performance.now() + runMs
  const isOver = () => performance.now() > until || deps.signal?.aborted === true
  const kinds = deps.providers.map(({ kind }) => kind)
  const worker = async () => {
    while (!isOver()) {
      const now = deps.clock.now()
      const claimed = await claimProfile(db, kinds, now, new Date(now.getTime() + leaseMs))
      if (!claimed) return
      await collectOne(db, deps, claimed, counts)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  await deleteOrphans(db)
  return counts
}

async function collectOne(db: Db, deps: CollectDeps, claimed: Claimed, counts: CollectCounts): Promise<void> {
  const { clock, signal } = deps
  const provider = deps.providers.find(({ kind }) => kind === claimed.kind) as Provider
  try {
    const fetched = await provider.fetch(claimed, signal)
    const now = clock.now()
    const nextAt = after(now, intervalMs * (0.9 + 0.2 * Math.random()))
    const items = await storeFetched(db, claimed, fetched, now, nextAt)
    counts.items += items
    counts.fetched++
  } catch (error) {
    if (signal?.aborted) return giveBack(db, claimed)
    counts.failed++
    if (!(error instanceof FetchError)) deps.onError(error, claimed.id)
    await fail(db, claimed, error, clock.now())
  }
}

/** Comes back when the provider says, else later and later, up to a day. */
async function fail(db: Db, claimed: Claimed, error: unknown, now: Date): Promise<void> {
  const {
    message: reason,
    retryAt,
    holdsForAll,
  } = error instanceof FetchError ? error : new FetchError('Something went wrong. It is tried again.')
  const asked = retryAt && retryAt.getTime() - now.getTime()
  const waitMs = asked === undefined ? backoffMs(claimed.failures + 1, intervalMs, longestMs) : clamp(asked)
  const nextAt = after(now, waitMs)
  await storeFailure(db, claimed, { reason, nextAt, keepRemoteId: holdsForAll })
  if (holdsForAll) await holdKind(db, claimed.kind, nextAt)
}

/** Not at once and not never, whatever a server says; a little later than that, and not everybody in the same moment. */
const clamp = (ms: number) => Math.min(longestMs, Math.max(minuteMs, ms)) + Math.random() * minuteMs

const after = (now: Date, ms: number) => new Date(now.getTime() + Math.round(ms))
