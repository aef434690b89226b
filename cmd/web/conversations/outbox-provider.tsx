import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { api } from '../api/api.ts'
import type { Message } from '../api/views.ts'
import { useLive, useStreamState } from '../live/feed-context.tsx'
import { Outbox, type Outgoing } from './outbox.ts'
import { lastSeq, type Timeline } from './timeline.ts'

interface Sending {
  outbox: Outbox
  /** What the row of a message was called while it was on its way, by its id. */
  keys: Map<number, string>
}

const SendingContext = createContext<Sending | undefined>(undefined)

/** What one writes goes on being sent whatever page one looks at. */
export function OutboxProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  const { feed, me, reconnect } = useLive()
  const { phase } = useStreamState()
  const phaseNow = useRef(phase)
  phaseNow.current = phase
  const [sending] = useState<Sending>(() => ({
    keys: new Map(),
    outbox: new Outbox({
      storage: sessionStorage,
      storageKey: `belfry.outbox.${me.id}`,
      lastSeq(id) {
        const timeline = queries.getQueryData<Timeline>(['timeline', id])
        return timeline ? lastSeq(timeline) : 0
      },
      async post({ key, conversationId, body, replyTo, attachments }) {
        const content = { body, reply_to: replyTo, attachment_ids: attachments.map(({ id }) => id) }
        const message = await api.post<Message>(`/conversations/${conversationId}/messages`, content, { key })
        // The server is there again: why wait with the stream?
        if (phaseNow.current === 'waiting') reconnect()
        sending.keys.set(message.id, key)
        feed.foresee('message.posted', message)
        return message
      },
    }),
  }))
  const { outbox } = sending
  useEffect(() => {
    if (phase === 'live') outbox.wake()
  }, [phase, outbox])
  useEffect(() => () => outbox.close(), [outbox])
  return <SendingContext value={sending}>{children}</SendingContext>
}

function useSending(): Sending {
  const sending = use(SendingContext)
  if (!sending) throw new Error('useOutbox is used outside of OutboxProvider')
  return sending
}

export const useOutbox = (): Outbox => useSending().outbox
export const useRowKeys = (): ReadonlyMap<number, string> => useSending().keys

/** What is on its way into a conversation. What the timeline has is done with. */
export function useOutgoing(conversationId: number, timeline: Timeline | undefined): readonly Outgoing[] {
  const outbox = useOutbox()
  const items = useSyncExternalStore(outbox.subscribe, () => outbox.items)
  const mine = useMemo(() => items.filter((item) => item.conversationId === conversationId), [items, conversationId])
  useEffect(() => {
    if (!timeline) return
    const there = new Set(timeline.messages.map(({ id }) => id))
    outbox.forget(mine.filter(({ message }) => message && there.has(message.id)).map(({ key }) => key))
  }, [outbox, mine, timeline])
  return mine
}
