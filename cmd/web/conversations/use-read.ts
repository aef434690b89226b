import { useCallback, useEffect, useRef } from 'react'
import { api } from '../api/api.ts'
import type { Conversation } from '../api/views.ts'
import { useLive, useStreamState } from '../live/feed-context.tsx'

const pauseMs = 250

/**
 * Marks what has been seen as read: what is on the screen of a page that is in front. The answer to the request is the confirmation; without one it is
 * tried again when the connection is back. Returns what to call with the newest seq that is in view.
 */
export function useRead(conversation: Conversation | undefined): (seq: number) => void {
  const { feed, me } = useLive()
  const { phase } = useStreamState()
  const seen = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const id = conversation?.id
  const readSeq = conversation?.read_seq ?? 0
  const unread = conversation?.unread_count ?? 0

  const mark = useCallback(() => {
    const seq = seen.current
    if (id === undefined || seq <= readSeq || document.visibilityState !== 'visible') return
    // One's own messages need no mark.
    if (unread === 0) return
    const data = {
      conversation_id: id,
      username: me.username,
      kind: 'read',
      after_seq: readSeq,
      up_to_seq: seq,
      at: '',
    }
    api.put(`/conversations/${id}/read`, { seq }).then(
      () => feed.foresee('receipt.advanced', data),
      () => undefined,
    )
  }, [id, readSeq, unread, me.username, feed])

  const soon = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(mark, pauseMs)
  }, [mark])

  // Also when the page comes to the front, when the connection is back, and when something new is there.
  useEffect(() => {
    if (phase === 'live') soon()
    document.addEventListener('visibilitychange', soon)
    return () => document.removeEventListener('visibilitychange', soon)
  }, [soon, phase])
  useEffect(() => () => clearTimeout(timer.current), [])

  return useCallback(
    (seq: number) => {
      if (seq <= seen.current) return
      seen.current = seq
      soon()
    },
    [soon],
  )
}
