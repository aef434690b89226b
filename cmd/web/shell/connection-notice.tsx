import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useLive, useStreamState } from '../live/feed-context.tsx'
import classes from './shell.module.css'

/** Shorter absences are nobody's business. */
const patienceMs = 1500

/** Says honestly when what is shown may not be the newest. Nothing while all is well. */
export function ConnectionNotice() {
  const state = useStreamState()
  const { reconnect } = useLive()
  const [now, setNow] = useState(Date.now)
  const away = state.phase !== 'live' || state.offline
  useEffect(() => {
    if (!away) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [away])
  if (!away || now - state.since < patienceMs) return null
  if (state.offline) return <Notice text="You are offline. What you write is sent when you are back." />
  if (state.phase === 'catching-up') return <Notice text="Catching up with what you missed…" calm />
  const seconds = state.retryAt === undefined ? 0 : Math.ceil((state.retryAt - now) / 1000)
  const text =
    seconds > 0 ? `No connection to Belfry. Trying again in ${seconds} s.` : 'No connection to Belfry. Trying…'
  return <Notice text={text} onRetry={seconds > 2 ? reconnect : undefined} />
}

function Notice({ text, calm, onRetry }: { text: string; calm?: boolean; onRetry?: (() => void) | undefined }) {
  return (
    <div className={classes.notice} data-kind={calm ? 'calm' : 'warn'} role="status">
      {text}
      {onRetry && (
        <Button size="compact-xs" variant="default" onClick={onRetry}>
          Now
        </Button>
      )}
    </div>
  )
}
