import { Button, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Status } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { FormError } from '../shared/form-error.tsx'
import { Time } from '../shared/time.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import classes from './people.module.css'
import { statusKey } from './status.ts'
import { useStatus } from './use-status.ts'

const longest = 280
const none: Status = { status: null, expires_at: null }

/** Says what one is up to, and takes it back. */
export function OwnStatus() {
  const { username } = useMe()
  const queries = useQueryClient()
  const status = useStatus(username)
  const keep = (next: Status) => queries.setQueryData(statusKey(username), next)
  const form = useForm({
    initialValues: { status: '' },
    validate: { status: (text) => (text.trim() === '' ? 'Write something first' : null) },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ status: text }) => {
    keep(await api.put<Status>('/me/status', { status: text.trim() }))
    form.reset()
  })
  const clear = useMutation({ mutationFn: () => api.delete('/me/status'), onSuccess: () => keep(none) })
  const left = longest - form.values.status.length
  return (
    <section className={classes.part}>
      <h2>Your status</h2>
      {status ? (
        <div className={classes.current}>
          <div>
            <p className={classes.status}>{status.text}</p>
            <p className={classes.dim}>
              Ends <Time at={status.endsAt} as="relative" />, at <Time at={status.endsAt} as="clock" />
            </p>
          </div>
          <Button variant="default" loading={clear.isPending} onClick={() => clear.mutate()}>
            Clear
          </Button>
        </div>
      ) : (
        <p className={classes.dim}>You have none. Others see here what you are up to.</p>
      )}
      <form onSubmit={onSubmit} noValidate>
        <FormError text={problem ?? (clear.error ? textOf(clear.error) : undefined)} />
        <Group gap={8} align="flex-start" wrap="nowrap">
          <TextInput
            className={classes.grow}
            size="md"
            aria-label="New status"
            placeholder="On watch, at sea, back at noon…"
            description={
              left < 60 ? `${left} characters left` : 'Everybody here sees it. It ends by itself after a day.'
            }
            inputWrapperOrder={['input', 'description', 'error']}
            maxLength={longest}
            {...form.getInputProps('status')}
          />
          <Button type="submit" size="md" loading={busy}>
            Set status
          </Button>
        </Group>
      </form>
    </section>
  )
}
