import { Button, Group } from '@mantine/core'
import { IconAlertTriangle, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import type { Schedule } from '../../api/views.ts'
import { notifyFailure } from '../../shared/notify.ts'
import { useNow } from '../../shared/time.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { moment } from '../words.ts'
import classes from './schedules.module.css'
import { schedulesQuery, scheduleTitle, withSchedule } from './schedules.ts'

const Confirm = lazy(() => import('../../shared/confirm.tsx'))

/** How a schedule is doing, and what stops it. */
export function Manage({ schedule }: { schedule: Schedule }) {
  const { id, paused, next_at, last_fired_at, last_error, owner, cron } = schedule
  const now = useNow()
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const [isDeleting, setDeleting] = useState(false)
  const pause = useMutation({
    mutationFn: () => api.patch<Schedule>(`/schedules/${id}`, { paused: !paused }),
    onSuccess: (changed) =>
      queries.setQueryData(schedulesQuery.queryKey, (list) => list && withSchedule(list, changed)),
    onError: (error) => notifyFailure(error),
  })
  const say = (at: string | null, none: string) => (at === null ? none : moment(new Date(at), now))
  const mayPause = paused || next_at !== null
  return (
    <section className={classes.summary} aria-label="How it is doing">
      <dl>
        <div>
          <dt>Next</dt>
          <dd>{say(next_at, paused ? 'paused' : 'over')}</dd>
        </div>
        <div>
          <dt>Last</dt>
          <dd>{say(last_fired_at, 'never yet')}</dd>
        </div>
        <div>
          <dt>Owner</dt>
          <dd>{owner}</dd>
        </div>
      </dl>
      <Group gap={8}>
        {mayPause && (
          <Button
            variant="default"
            h={44}
            loading={pause.isPending}
            leftSection={paused ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
            onClick={() => pause.mutate()}
          >
            {paused ? 'Resume' : 'Pause'}
          </Button>
        )}
        <Button variant="default" h={44} leftSection={<IconTrash size={18} />} onClick={() => setDeleting(true)}>
          Delete
        </Button>
      </Group>
      {last_error !== null && (
        <p className={classes.failed}>
          <IconAlertTriangle size={16} aria-hidden="true" /> The last time failed: {last_error}
        </p>
      )}
      {paused && cron !== null && <p className={classes.note}>What is due while it is paused is not made up for.</p>}
      <WhenOpen opened={isDeleting}>
        <Confirm
          title="Delete this schedule?"
          action="Delete"
          run={async () => {
            await api.delete(`/schedules/${id}`)
            queries.setQueryData(schedulesQuery.queryKey, (list) => list?.filter((one) => one.id !== id))
            navigate('/')
          }}
          onClose={() => setDeleting(false)}
        >
          “{scheduleTitle(schedule)}” is not sent any more. What it has sent stays.
        </Confirm>
      </WhenOpen>
    </section>
  )
}
