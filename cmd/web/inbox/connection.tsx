import { Button } from '@mantine/core'
import { IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { StreamState } from '#internal/client/index'
import classes from './inbox.module.css'

/** Shorter absences are nobody's business. */
const patienceMs = 1500

/** Whether alerts come in at this moment. `state` is undefined while nothing was loaded yet. */
export function Connection({ state, onReconnect }: { state: StreamState | undefined; onReconnect: () => void }) {
  const [opened] = useState(Date.now)
  const [now, setNow] = useState(Date.now)
  const isLive = state?.phase === 'live' && !state.offline
  useEffect(() => {
    if (isLive) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [isLive])
  if (isLive)
    return (
      <p className={classes.connection} data-kind="live" role="status">
        <IconPlugConnected size={18} aria-hidden="true" />
        Connected. What comes appears at once.
      </p>
    )
  if (now - (state?.since ?? opened) < patienceMs) return <p className={classes.connection} />
  return (
    <p className={classes.connection} data-kind="away" role="status">
      <IconPlugConnectedX size={18} aria-hidden="true" />
      {words(state, now)}
      {state?.retryAt !== undefined && state.retryAt - now > 2000 && (
        <Button size="compact-sm" variant="default" onClick={onReconnect}>
          Now
        </Button>
      )}
    </p>
  )
}

function words(state: StreamState | undefined, now: number): string {
  if (state?.phase === 'ended') return 'This page does not fit the server any more. Load it again.'
  if (state?.offline) return 'You are offline: no new alerts reach you here.'
  if (state?.phase === 'catching-up') return 'Catching up with what you missed…'
  const seconds = state?.retryAt === undefined ? 0 : Math.ceil((state.retryAt - now) / 1000)
  return `No connection: no new alerts reach you here. Trying ${seconds > 0 ? `again in ${seconds} s` : '…'}`
}
