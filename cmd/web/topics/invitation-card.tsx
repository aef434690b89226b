import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { api } from '../api/api.ts'
import { Refused, textOf } from '../api/problem.ts'
import type { Invitation, Topic } from '../api/views.ts'
import { FormError } from '../shared/form-error.tsx'
import { Time } from '../shared/time.tsx'
import { invitationsQuery } from './invitations.ts'
import { keepTopic } from './topic.ts'
import classes from './topics.module.css'

/** Somebody wants one to be in a topic: yes or no. */
export function InvitationCard({ invitation: { id, topic, invited_by, created_at } }: { invitation: Invitation }) {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const answered = () =>
    queries.setQueryData<Invitation[]>(invitationsQuery.queryKey, (list) => list?.filter((one) => one.id !== id))
  const onError = (error: unknown) => {
    // Answered on another device, or the topic is gone: there is nothing left to ask.
    if (error instanceof Refused && error.code === 'invitation_not_found') answered()
  }
  const accept = useMutation({
    mutationFn: () => api.post<Topic>(`/invitations/${id}/accept`),
    onSuccess: (joined) => {
      answered()
      keepTopic(queries, joined)
      navigate(`/topics/${joined.id}`)
    },
    onError,
  })
  const decline = useMutation({
    mutationFn: () => api.post(`/invitations/${id}/decline`),
    onSuccess: answered,
    onError,
  })
  const error = accept.error ?? decline.error
  return (
    <li className={classes.invitation}>
      <p>
        <strong>{topic.name}</strong>
        {invited_by} invites you · <Time at={created_at} as="relative" />
      </p>
      <FormError text={error ? textOf(error) : undefined} />
      <Group gap={8} grow>
        <Button loading={accept.isPending} onClick={() => accept.mutate()} aria-label={`Accept: ${topic.name}`}>
          Accept
        </Button>
        <Button
          variant="default"
          loading={decline.isPending}
          onClick={() => decline.mutate()}
          aria-label={`Decline: ${topic.name}`}
        >
          Decline
        </Button>
      </Group>
    </li>
  )
}
