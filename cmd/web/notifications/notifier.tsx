import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { conversationsQuery } from '../conversations/list.ts'
import { fedQuery } from '../live/fed.ts'
import { useLive } from '../live/feed-context.tsx'
import type { Choice } from './choice.ts'
import { showNotice } from './desktop.ts'
import { noticeOf } from './notice-of.ts'
import { holdLock, isFirst, isHeld } from './page-locks.ts'

/** Held by every page in sight. */
const inSight = 'belfry-in-sight'

/** Notifies of what comes while no page of this browser is in sight: once, however many are open and whichever is closed. */
export default function Notifier({ choice }: { choice: Choice }) {
  const {
    feed,
    me: { username },
  } = useLive()
  const queries = useQueryClient()
  const [, navigate] = useLocation()

  useEffect(() => {
    let letGo: (() => void) | undefined
    const show = () => {
      letGo?.()
      letGo = document.visibilityState === 'visible' ? holdLock(inSight) : undefined
    }
    show()
    document.addEventListener('visibilitychange', show)
    return () => {
      document.removeEventListener('visibilitychange', show)
      letGo?.()
    }
  }, [])

  useEffect(
    () =>
      feed.follow(async (event) => {
        if (await isHeld(inSight)) return
        // Waits where the list is on its way: a conversation may have begun with this message.
        const list = { ...fedQuery(feed, conversationsQuery(username)), staleTime: Number.POSITIVE_INFINITY }
        const conversations = await queries.fetchQuery(list).catch(() => [])
        const notice = noticeOf(event, { username, choice, conversations })
        if (!notice || !(await isFirst(`belfry-notice-${event.position}`))) return
        showNotice(notice, () => navigate(notice.path))
      }),
    [feed, username, choice, queries, navigate],
  )
  return null
}
