import { IconBellOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { api } from '../../api/api.ts'
import { Refused } from '../../api/problem.ts'
import type { Alert } from '../../api/views.ts'
import { useFed } from '../../live/feed-context.tsx'
import { Empty, Loaded } from '../../shared/notices.tsx'
import { Header } from '../../shared/panes.tsx'
import { Time } from '../../shared/time.tsx'
import { countsQuery } from '../counts.ts'
import { alertKey, shownAlert } from '../list.ts'
import { About } from './about.tsx'
import classes from './alert-pane.module.css'
import { Deliveries } from './deliveries.tsx'
import { Missing } from './missing.tsx'
import { Progress } from './progress.tsx'
import { RollCall } from './roll-call.tsx'

/** One alert: what it says, whom it has reached as of now, and who is missing. */
export function AlertPane({ id }: { id: number }) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: alertKey(id),
    queryFn: ({ signal }) => api.get<Alert>(`/alerts/${id}`, { signal }),
    initialData: () => shownAlert(queries, id),
  })
  const isUnknown = query.error instanceof Refused && query.error.status === 404
  return (
    <>
      <Header title={`Alert ${id}`} subtitle={query.data && <Raised alert={query.data} />} back="/" />
      {isUnknown ? (
        <Empty icon={<IconBellOff size={40} stroke={1.5} />} title="There is no such alert">
          <Link href="/">All alerts</Link>
        </Empty>
      ) : (
        <Loaded query={query}>{(alert) => <Body alert={alert} />}</Loaded>
      )}
    </>
  )
}

const Raised = ({ alert }: { alert: Alert }) => (
  <>
    {alert.raised_by}, <Time at={alert.created_at} as="whole" />
  </>
)

function Body({ alert }: { alert: Alert }) {
  const counts = useFed(countsQuery(alert.id))
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  return (
    <div ref={setScroller} className={classes.scroll}>
      <div className={classes.content}>
        <About alert={alert} />
        <Loaded query={counts}>
          {(counts) => (
            <>
              <Progress counts={counts} />
              <Missing alert={alert} counts={counts} />
              {alert.channels.length > 1 && <Deliveries alert={alert} />}
              <RollCall alert={alert} counts={counts} scroller={scroller} />
            </>
          )}
        </Loaded>
      </div>
    </div>
  )
}
