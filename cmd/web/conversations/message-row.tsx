import { Button } from '@mantine/core'
import { lazy, memo, Suspense, useEffect, useRef, useState } from 'react'
import type { Message } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { Time } from '../shared/time.tsx'
import { Attachments } from './attachments.tsx'
import type { Certainty } from './marks.ts'
import { MessageEditor } from './message-editor.tsx'
import { MessageText } from './message-text.tsx'
import classes from './messages.module.css'
import type { Outgoing } from './outbox.ts'
import { useOutbox } from './outbox-provider.tsx'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { Ticks } from './ticks.tsx'

const MessageActions = lazy(() => import('./message-actions.tsx'))

/** A pointer that stays, and not a row that scrolls by. */
const restMs = 100

export interface MessageRowProps {
  message: Message
  /** While it is not known to be posted. */
  outgoing: Outgoing | undefined
  startsRun: boolean
  /** Of one's own message in a small circle. */
  certainty: Certainty | undefined
  isTopic: boolean
  /** Whoever came here was sent to this message. */
  isPointedOut: boolean
  isEdited: boolean
  onEdit: (id: number | undefined) => void
  onReply: (message: Message) => void
  onJump: (seq: number) => void
}

/** One message. What can be done with it is there while the pointer or the focus is on it, or after a touch. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, outgoing, startsRun, certainty, isTopic, isPointedOut, isEdited, onEdit, onReply, onJump } = props
  const { username } = useMe()
  const [isActive, setActive] = useState(false)
  const [isHeld, setHeld] = useState(false)
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(resting.current), [])
  const isPosted = !outgoing || outgoing.state === 'sent'
  return (
    <article
      className={classes.row}
      data-run={startsRun}
      data-pointed={isPointedOut}
      data-active={isActive}
      data-state={outgoing?.state}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard goes from message to message, as in a feed
      tabIndex={0}
      aria-label={`${message.author}: ${message.body ?? (message.deleted_at ? 'deleted' : 'image')}`}
      onPointerEnter={({ pointerType }) => {
        if (pointerType !== 'touch') resting.current = setTimeout(() => setActive(true), restMs)
      }}
      onPointerLeave={({ pointerType }) => {
        clearTimeout(resting.current)
        if (pointerType !== 'touch') setActive(false)
      }}
      onPointerUp={({ pointerType }) => pointerType === 'touch' && setActive(!isActive)}
      onFocus={() => setActive(true)}
      onBlur={({ currentTarget, relatedTarget }) => setActive(currentTarget.contains(relatedTarget))}
    >
      <div className={classes.gutter}>{startsRun && <Avatar name={message.author} size={36} />}</div>
      <div className={classes.body}>
        {startsRun && (
          <div className={classes.byline}>
            <strong>{message.author}</strong>
            <Time at={message.created_at} as="clock" />
          </div>
        )}
        {message.reply_to !== null && <Quote id={message.reply_to} onJump={onJump} />}
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
        {certainty && message.author === username && !message.deleted_at && isPosted && (
          <Ticks message={message} certainty={certainty} />
        )}
      </div>
      {(isActive || isHeld) && !outgoing && !message.deleted_at && !isEdited && (
        <Suspense>
          <MessageActions message={message} isTopic={isTopic} onEdit={onEdit} onReply={onReply} onHold={setHeld} />
        </Suspense>
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
