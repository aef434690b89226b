import { Button, Group, Modal, Stack } from '@mantine/core'
import { IconAlertTriangle, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { api } from '../../api/api.ts'
import { textOf } from '../../api/problem.ts'
import type { Schedule } from '../../api/views.ts'
import { FormError } from '../../shared/form-error.tsx'
import { notifyFailure } from '../../shared/notify.ts'
import { useNow } from '../../shared/time.tsx'
import { moment } from '../words.ts'
import classes from './schedules.module.css'
import { schedulesQuery, scheduleTitle, withSchedule } from './schedules.ts'

/** How a schedule is doing, and what stops it. */
export function Manage({ schedule }: { schedule: Schedule }) {
  const { id, paused, next_at, last_fired_at, last_error, owner, cron } = schedule
  const now = useNow()
  const queries = useQueryClient()
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
      {isDeleting && <DeleteDialog schedule={schedule} onClose={() => setDeleting(false)} />}
    </section>
  )
}

function DeleteDialog({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const remove = useMutation({
    mutationFn: () => api.delete(`/schedules/${schedule.id}`),
    onSuccess: () => {
      queries.setQueryData(schedulesQuery.queryKey, (list) => list?.filter(({ id }) => id !== schedule.id))
      navigate('/')
    },
  })
  return (
    <Modal opened onClose={onClose} title="Delete this schedule?" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap={16}>
        <div>“{scheduleTitle(schedule)}” is not sent any more. What it has sent stays.</div>
        <FormError text={remove.error ? textOf(remove.error) : undefined} />
        <Group justify="end" gap={8}>
          <Button variant="default" h={44} onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="red" h={44} loading={remove.isPending} onClick={() => remove.mutate()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
