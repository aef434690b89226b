import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../api/api.ts'
import type { FedQuery } from '../live/fed.ts'
import { useFed, useLive, useStreamState } from '../live/feed-context.tsx'
import { extend, fromPage, lastSeq, type MessagePage, prepend, reduceTimeline, type Timeline } from './timeline.ts'

const pageSize = 50
const largestPage = 200
/** When a part that is shown is loaded again, up to here; beyond it only the newest page. */
const pagesAgain = 5
/** A watch takes effect a moment after it was asked for, and says nothing then. */
const watchMs = 1500

/** The messages of a conversation that are loaded, live, with ways to more of them. `at`: a seq that must be among them. */
export function useTimeline(id: number, at: number | undefined, isMember: boolean) {
  const { feed, me, watch } = useLive()
  const { phase } = useStreamState()
  const queries = useQueryClient()
  const busy = useRef(false)
  const [problem, setProblem] = useState<unknown>()

  const query = useMemo(() => {
    const page = (search: string, signal?: AbortSignal) =>
      api.get<MessagePage>(`/conversations/${id}/messages?${search}`, { signal })
    const fed: FedQuery<Timeline> = {
      queryKey: ['timeline', id],
      reduce: (timeline, event) => reduceTimeline(timeline, event, { id, username: me.username }),
      load: async (signal) => {
        const shown = queries.getQueryData<Timeline>(['timeline', id])
        if (shown?.messages.length) {
          const again = await loadAgain(shown, (search) => page(search, signal))
          if (again) return again
        }
        return fromPage(await page(at === undefined ? `limit=${pageSize}` : around(at), signal))
      },
    }
    return { ...fed, page }
  }, [id, at, me.username, queries])

  const { data: timeline, error, refetch } = useFed(query)

  const set = useCallback(
    async (change: (timeline: Timeline) => Promise<Timeline>) => {
      const before = queries.getQueryData<Timeline>(query.queryKey)
      if (!before || busy.current) return
      busy.current = true
      try {
        const next = await feed.load(
          () => change(queries.getQueryData<Timeline>(query.queryKey) ?? before),
          query.reduce,
        )
        queries.setQueryData(query.queryKey, next)
        setProblem(undefined)
      } catch (failure) {
        setProblem(failure)
      } finally {
        busy.current = false
      }
    },
    [feed, queries, query],
  )
  const older = useCallback(
    () =>
      set(async (t) => (t.older ? prepend(t, await query.page(`before=${t.messages[0]!.seq}&limit=${pageSize}`)) : t)),
    [set, query],
  )
  const newer = useCallback(
    () => set(async (t) => (t.newer ? extend(t, await query.page(`after=${lastSeq(t)}&limit=${pageSize}`)) : t)),
    [set, query],
  )
  const newest = useCallback(() => set(async () => fromPage(await query.page(`limit=${pageSize}`))), [set, query])

  // To a message that is not among those that are loaded; once, as what is loaded later does not lead back there.
  const sought = useRef<number>(undefined)
  useEffect(() => {
    if (!timeline || at === undefined || sought.current === at) return
    sought.current = at
    if (!timeline.messages.some(({ seq }) => seq === at)) void set(async () => fromPage(await query.page(around(at))))
  }, [timeline, at, set, query])

  // Members get the events of their conversations; who only reads a public topic asks for them, on each connection anew.
  useEffect(() => (isMember ? undefined : watch({ conversationId: id })), [id, isMember, watch])
  useEffect(() => {
    if (isMember || phase !== 'live') return
    const timer = setTimeout(() => void refetch(), watchMs)
    return () => clearTimeout(timer)
  }, [isMember, phase, refetch])

  return { timeline, error: timeline ? problem : error, retry: refetch, older, newer, newest }
}

const around = (seq: number) => `before=${seq + pageSize / 2}&limit=${pageSize}`

/** The same part of the conversation as it is now, to its end if it went there. Undefined when it has become too long. */
async function loadAgain(shown: Timeline, page: (search: string) => Promise<MessagePage>) {
  const last = lastSeq(shown)
  let timeline: Timeline = { messages: [], older: shown.older, newer: true }
  for (let n = 0; n < pagesAgain; n++) {
    const after = timeline.messages.length > 0 ? lastSeq(timeline) : shown.messages[0]!.seq - 1
    timeline = extend(timeline, await page(`after=${after}&limit=${largestPage}`))
    if (!timeline.newer || (shown.newer && lastSeq(timeline) >= last)) return timeline
  }
  return undefined
}
