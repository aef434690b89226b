import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Topic } from '../api/views.ts'
import { keepTopic } from './topic.ts'
import classes from './topics.module.css'

/** Below a public topic that one reads without being in it. */
export function JoinStrip({ topic }: { topic: Topic }) {
  const queries = useQueryClient()
  const join = useMutation({
    mutationFn: () => api.put(`/topics/${topic.id}/members/me`),
    // The stream says so as well, and then how many are in it now.
    onSuccess: () => keepTopic(queries, { ...topic, joined: true }),
  })
  return (
    <div className={classes.strip}>
      <p role={join.error ? 'alert' : undefined}>
        {join.error ? textOf(join.error) : 'You are looking in. Join, and you hear of what is new here.'}
      </p>
      <Button onClick={() => join.mutate()} loading={join.isPending}>
        Join
      </Button>
    </div>
  )
}
