import { useCallback } from 'react'
import { api } from '../api/api.ts'
import type { Message } from '../api/views.ts'
import { useLive } from '../live/feed-context.tsx'
import { notifyFailure } from '../shared/notify.ts'
import classes from './messages.module.css'

/** Adds or takes back one's reaction: on the screen at once, and not any more when the server refuses. */
export function useReact(message: Message): (emoji: string, add: boolean) => void {
  const { feed, me } = useLive()
  return useCallback(
    (emoji, add) => {
      const { id: message_id, conversation_id, reactions } = message
      const old = reactions.find((reaction) => reaction.emoji === emoji)
      if (add === (old?.mine ?? false)) return
      const before = old?.count ?? 0
      const show = (on: boolean, count: number) =>
        feed.foresee(on ? 'reaction.added' : 'reaction.removed', {
          message_id,
          conversation_id,
          emoji,
          username: me.username,
          count,
        })
      show(add, before + (add ? 1 : -1))
      const path = `/messages/${message_id}/reactions/${encodeURIComponent(emoji)}`
      const sent = add ? api.put(path) : api.delete(path)
      sent.catch((error) => {
        show(!add, before)
        notifyFailure(error)
      })
    },
    [feed, me.username, message],
  )
}

/** What people think of a message, by emoji; a press adds or takes back one's own. */
export function Reactions({ message }: { message: Message }) {
  const react = useReact(message)
  if (message.reactions.length === 0) return null
  return (
    <div className={classes.reactions}>
      {message.reactions.map(({ emoji, count, mine }) => (
        <button
          key={emoji}
          type="button"
          className={classes.reaction}
          aria-pressed={mine}
          aria-label={`${emoji}, ${count}`}
          onClick={() => react(emoji, !mine)}
        >
          <span>{emoji}</span> {count}
        </button>
      ))}
    </div>
  )
}
