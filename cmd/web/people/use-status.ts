import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { fedQuery } from '../live/fed.ts'
import { useLive, useStreamState } from '../live/feed-context.tsx'
import { useNow } from '../shared/time.tsx'
import { statusAt, statusKey, statusQuery } from './status.ts'

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
