import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import type { Message } from '../api/views.ts'
import classes from './messages.module.css'
import type { Timeline } from './timeline.ts'

/** What a message answers, in one line; leads there. */
export function Quote({ id, onJump }: { id: number; onJump: (seq: number) => void }) {
  const queries = useQueryClient()
  const { data: message, isError } = useQuery({
    queryKey: ['message', id],
    queryFn: ({ signal }) => {
      const timelines = queries.getQueriesData<Timeline>({ queryKey: ['timeline'] })
      const known = timelines.flatMap(([, timeline]) => timeline?.messages ?? []).find((one) => one.id === id)
      return known ?? api.get<Message>(`/messages/${id}`, { signal })
    },
    staleTime: 60_000,
  })
  if (isError) return <p className={classes.quote}>A message that is not there any more</p>
  if (!message) return <p className={classes.quote}>…</p>
  return (
    <button type="button" className={classes.quote} onClick={() => onJump(message.seq)}>
      <strong>{message.author}</strong> {message.body ?? (message.deleted_at ? 'deleted message' : 'image')}
    </button>
  )
}
