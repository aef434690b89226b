import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type Inbox, openInbox, type StreamState } from '#internal/client/index'
import { createClient } from '../api/http.ts'
import { isPassing } from '../api/problem.ts'
import type { InboxItem } from '../api/views.ts'
import { loadUpTo, type Paged } from '../shared/paged.ts'
import { cursorOf, type Item, type Items, isCall, itemsOf, withAlert, withReceipt } from './items.ts'

const longestWaitMs = 8000

export interface OpenInbox {
  /** Undefined until they were there once. */
  items: Items | undefined
  /** Undefined until the alerts were there once. */
  state: StreamState | undefined
  /** Why nothing more comes, or could not come in the first place. */
  error: unknown
  /** Acknowledged by the person, and not confirmed by the server yet. */
  asked: ReadonlySet<number>
  /** What the server did not take. */
  problem: string | undefined
  read: (id: number) => void
  acknowledge: (id: number) => void
  reconnect: () => void
}

/** The inbox of an object: loaded by REST, which has what was acknowledged, then followed. `onCall` is told what is new. */
export function useInbox(objectId: number, token: string, onCall: (item: Item) => void): OpenInbox {
  const [items, setItems] = useState<Items>()
  const [state, setState] = useState<StreamState>()
  const [asked, setAsked] = useState<ReadonlySet<number>>(new Set())
  const [problem, setProblem] = useState<string>()
  const inbox = useRef<Inbox>(undefined)
  const latest = useRef({ asked, onCall })
  latest.current = { asked, onCall }

  const { data, error, refetch } = useQuery({
    queryKey: ['inbox', objectId, token],
    queryFn: async ({ signal }) => {
      const api = createClient({ token: () => token, onEnded: () => undefined })
      const path = `/objects/${objectId}/inbox`
      return (await loadUpTo((page) => api.get<Paged<InboxItem>>(page, { signal }), path, Number.POSITIVE_INFINITY))
        .items
    },
    retry: (_, error) => isPassing(error),
    retryDelay: (failures) => Math.min(longestWaitMs, 500 * 2 ** failures),
    structuralSharing: false,
  })

  useEffect(() => {
    if (!data) return
    let current = itemsOf(data)
    const change = (next: Items) => {
      current = next
      setItems(next)
    }
    change(current)
    const opened = openInbox({
      url: location.origin,
      objectId,
      token,
      ...(data.length > 0 && { cursor: cursorOf(current)! }),
      onAlert(alert) {
        const before = current
        change(withAlert(current, alert))
        if (isCall(before, current, alert.id)) latest.current.onCall(current.get(alert.id)!)
      },
      onReceipt: (receipt) => change(withReceipt(current, receipt)),
      // What is loaded anew opens it anew.
      onReset: () => void refetch(),
      onState: setState,
      onProblem: ({ detail }) => {
        setAsked(new Set())
        setProblem(detail)
      },
    })
    inbox.current = opened
    for (const id of latest.current.asked) if (current.get(id)?.acknowledged_at === null) opened.acknowledge(id)
    return () => opened.close()
  }, [objectId, token, data, refetch])

  const read = useCallback((id: number) => inbox.current?.read(id), [])
  const acknowledge = useCallback((id: number) => {
    setProblem(undefined)
    setAsked((before) => new Set(before).add(id))
    inbox.current?.acknowledge(id)
  }, [])
  const reconnect = useCallback(() => inbox.current?.reconnect(), [])
  return { items, state, error, asked, problem, read, acknowledge, reconnect }
}
