import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { conversationsQuery } from '../conversations/list.ts'
import { fedQuery } from '../live/fed.ts'
import { useLive } from '../live/feed-context.tsx'
import type { Choice } from './choice.ts'
import { showNotice } from './desktop.ts'
import { noticeOf } from './notice-of.ts'
import { holdLock, isHeld } from './page-locks.ts'

/** Held by every page in sight. */
const inSight = 'belfry-in-sight'
/** Held by the one page, of those that are open, that notifies. */
const notifying = 'belfry-notifying'

/** Notifies of what comes while no page of this browser is in sight: once, however many are open. */
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
      letGo = document.visibilityState === 'visible' ? holdLock(inSight, 'shared') : undefined
    }
    show()
    document.addEventListener('visibilitychange', show)
    return () => {
      document.removeEventListener('visibilitychange', show)
      letGo?.()
    }
  }, [])

  useEffect(() => {
    let unfollow: (() => void) | undefined
    const letGo = holdLock(notifying, 'exclusive', () => {
      unfollow = feed.follow(async (event) => {
        if (await isHeld(inSight)) return
        // Waits where the list is on its way: a conversation may have begun with this message.
        const list = { ...fedQuery(feed, conversationsQuery(username)), staleTime: Number.POSITIVE_INFINITY }
        const conversations = await queries.fetchQuery(list).catch(() => [])
        const notice = noticeOf(event, { username, choice, conversations })
        if (notice) showNotice(notice, () => navigate(notice.path))
      })
    })
    return () => {
      unfollow?.()
      letGo()
    }
  }, [feed, username, choice, queries, navigate])
  return null
}
