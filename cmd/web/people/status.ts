import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { StreamEvent } from '#internal/client/index'
import { api } from '../api/api.ts'
import type { Status } from '../api/views.ts'
import { type FedQuery, fedQuery } from '../live/fed.ts'
import { useLive, useStreamState } from '../live/feed-context.tsx'
import { useNow } from '../shared/time.tsx'

export const statusKey = (username: string) => ['status', username.toLowerCase()] as const

/** The status of somebody. Events of it come only while it is watched: `useStatus`. */
export const statusQuery = (username: string): FedQuery<Status> => ({
  queryKey: statusKey(username),
  load: (signal) => api.get<Status>(`/accounts/${username}/status`, { signal }),
  reduce: (status, event) => reduceStatus(status, event, username),
})

/** The same event again changes nothing. */
export function reduceStatus(known: Status, { event, data }: StreamEvent, username: string): Status {
  if (event !== 'status.set' && event !== 'status.expired') return known
  const { username: whose, status, expires_at } = data as Status & { username: string }
  return whose.toLowerCase() === username.toLowerCase() ? { status, expires_at } : known
}

/** What somebody's status is at `now`: one that is over is none, whether or not the server has said so yet. */
export function statusAt({ status, expires_at }: Status, now: Date): { text: string; endsAt: string } | undefined {
  if (status === null || expires_at === null || new Date(expires_at) <= now) return undefined
  return { text: status, endsAt: expires_at }
}

/** The status of somebody, live for as long as this is on the screen; undefined without one, or while it is loading. */
export function useStatus(username: string) {
  const { feed, watch } = useLive()
  const queries = useQueryClient()
  const now = useNow()
  // First, so that nothing is missed between what is loaded and the first event.
  useEffect(() => watch({ username }), [watch, username])
  // What was loaded once may be old: nobody has watched it since.
  const status = useQuery({ ...fedQuery(feed, statusQuery(username)), staleTime: 0 })
  const { phase, since } = useStreamState()
  const loadedSince = useRef(phase === 'live' ? since : undefined)
  useEffect(() => {
    // Watches know nothing of cursors: what happened while the connection was away is asked for again.
    if (phase !== 'live' || loadedSince.current === since) return
    loadedSince.current = since
    void queries.invalidateQueries({ queryKey: statusKey(username) })
  }, [phase, since, queries, username])
  return status.data && statusAt(status.data, now)
}
