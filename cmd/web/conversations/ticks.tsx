import { IconCheck, IconChecks } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Conversation, Message } from '../api/views.ts'
import { useFed } from '../live/feed-context.tsx'
import { type Certainty, certaintyOf, marksQuery } from './marks.ts'
import classes from './messages.module.css'

const ReceiptsDialog = lazy(() => import('./receipts-dialog.tsx'))

const words: Record<Certainty, string> = { sent: 'Sent', delivered: 'Delivered to all', read: 'Read by all' }

/** Whether a message of one's own is sent, delivered, read; who and when on demand. A topic, which may have thousands, says it on demand only. */
export function Ticks({ message, kind }: { message: Message; kind: Conversation['kind'] }) {
  const marks = useFed(marksQuery(message.conversation_id), { enabled: kind !== 'topic' }).data
  const [isOpen, setOpen] = useState(false)
  if (kind === 'topic') return null
  const certainty = marks ? certaintyOf(message, marks) : 'sent'
  const Icon = certainty === 'sent' ? IconCheck : IconChecks
  return (
    <>
      <button
        type="button"
        className={classes.ticks}
        data-certainty={certainty}
        aria-label={`${words[certainty]}. Who and when`}
        title={words[certainty]}
        onClick={() => setOpen(true)}
      >
        <Icon size={17} stroke={2.2} aria-hidden="true" />
      </button>
      <Suspense>{isOpen && <ReceiptsDialog message={message} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
