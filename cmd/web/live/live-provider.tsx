import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { openStream, type Stream, type StreamState } from '#internal/client/index'
import type { Me } from '../api/views.ts'
import { endSession } from '../session/session.ts'
import { Feed } from './fed.ts'
import { LiveContext, StreamStateContext } from './feed-context.tsx'

/** How long the first page waits for the stream, so that what it loads needs no second look. */
const patienceMs = 1500

const whyEnded: Record<string, string> = {
  session: 'Your session was ended, here or on another device. Log in again.',
  forbidden: 'Your account may not do this any more. Log in again.',
  client: 'This page does not fit the server any more. Load it again.',
}

/** Opens the stream of a session, feeds what is shown, and closes it when the session is over. */
export function LiveProvider({ token, me, children }: { token: string; me: Me; children: ReactNode }) {
  const queries = useQueryClient()
  const feed = useMemo(() => new Feed(queries), [queries])
  const stream = useRef<Stream>(undefined)
  const [state, setState] = useState<StreamState>({ phase: 'connecting', offline: false, since: Date.now() })
  const [ready, setReady] = useState(false)

  useEffect(() => {
    const patience = setTimeout(() => setReady(true), patienceMs)
    let waited = true
    const opened = openStream({
      url: location.origin,
      token,
      onHello(position) {
        // What was loaded before may miss what came in between.
        if (feed.position === 0) feed.reset(position)
        waited = false
        setReady(true)
      },
      onEvent: (event) => feed.apply(event),
      onReset: ({ position }) => feed.reset(position),
      onState(next) {
        setState(next)
        if (next.phase === 'live' && !waited) feed.retryFailed()
        if (next.phase === 'ended') endSession(token, whyEnded[next.reason ?? 'session'])
      },
    })
    stream.current = opened
    return () => {
      clearTimeout(patience)
      opened.close()
    }
  }, [token, feed])

  const live = useMemo(
    () => ({
      feed,
      me,
      watch: (what: Parameters<Stream['watch']>[0]) => stream.current?.watch(what) ?? (() => undefined),
      reconnect: () => stream.current?.reconnect(),
    }),
    [feed, me],
  )
  return (
    <LiveContext value={live}>
      <StreamStateContext value={state}>{ready ? children : null}</StreamStateContext>
    </LiveContext>
  )
}
