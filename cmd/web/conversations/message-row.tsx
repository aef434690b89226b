import { Button } from '@mantine/core'
import { memo, useState } from 'react'
import type { Conversation, Message } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { Time } from '../shared/time.tsx'
import { Attachments } from './attachments.tsx'
import { MessageActions } from './message-actions.tsx'
import { MessageEditor } from './message-editor.tsx'
import { MessageText } from './message-text.tsx'
import classes from './messages.module.css'
import type { Outgoing } from './outbox.ts'
import { useOutbox } from './outbox-provider.tsx'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import type { Row } from './rows.ts'
import { Ticks } from './ticks.tsx'

export interface MessageRowProps {
  row: Row
  kind: Conversation['kind']
  /** Whoever came here was sent to this message. */
  isPointedOut: boolean
  isEdited: boolean
  onEdit: (id: number | undefined) => void
  onReply: (message: Message) => void
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, kind, isPointedOut, isEdited, onEdit, onReply } = props
  const { message, outgoing, startsRun } = row
  const me = useMe()
  // A touch screen has no pointer that could rest on a row.
  const [touched, setTouched] = useState(false)
  const isMine = message.author === me.username
  return (
    <article
      className={classes.row}
      data-run={startsRun}
      data-pointed={isPointedOut}
      data-touched={touched}
      data-state={outgoing?.state}
      aria-label={`${message.author}: ${message.body ?? (message.deleted_at ? 'deleted' : 'image')}`}
      onPointerUp={({ pointerType }) => pointerType === 'touch' && setTouched(!touched)}
    >
      <div className={classes.gutter}>{startsRun && <Avatar name={message.author} size={36} />}</div>
      <div className={classes.body}>
        {startsRun && (
          <div className={classes.byline}>
            <strong>{message.author}</strong>
            <Time at={message.created_at} as="clock" />
          </div>
        )}
        {message.reply_to !== null && <Quote id={message.reply_to} />}
        {isEdited ? (
          <MessageEditor message={message} onDone={() => onEdit(undefined)} />
        ) : (
          <MessageText message={message} />
        )}
        <Attachments attachments={message.attachments} />
        <Reactions message={message} />
        {outgoing && <Progress outgoing={outgoing} />}
      </div>
      <div className={classes.side}>
        {isMine && !message.deleted_at && (!outgoing || outgoing.state === 'sent') && (
          <Ticks message={message} kind={kind} />
        )}
      </div>
      {!outgoing && !message.deleted_at && !isEdited && (
        <MessageActions message={message} kind={kind} onEdit={onEdit} onReply={onReply} />
      )}
    </article>
  )
})

const words: Record<Outgoing['state'], string> = {
  queued: 'Waiting for the one before…',
  sending: 'Sending…',
  waiting: 'No answer yet. It is sent again by itself.',
  refused: 'Not sent.',
  sent: '',
}

/** Honest about what is not known to be posted. */
function Progress({ outgoing: { key, state, problem } }: { outgoing: Outgoing }) {
  const outbox = useOutbox()
  if (state === 'sent') return null
  return (
    <div className={classes.progress} data-state={state} role={state === 'refused' ? 'alert' : undefined}>
      <span>
        {words[state]} {problem}
      </span>
      {(state === 'refused' || state === 'waiting') && (
        <>
          <Button size="compact-xs" variant="default" onClick={() => outbox.retry(key)}>
            Try again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => outbox.discard(key)}>
            Discard
          </Button>
        </>
      )}
    </div>
  )
}
