import { IconCheck, IconChecks } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Message } from '../api/views.ts'
import type { Certainty } from './marks.ts'
import classes from './messages.module.css'

const ReceiptsDialog = lazy(() => import('./receipts-dialog.tsx'))

const words: Record<Certainty, string> = { sent: 'Sent', delivered: 'Delivered to all', read: 'Read by all' }

/** Whether a message of one's own is sent, delivered, read; who and when on demand. */
export function Ticks({ message, certainty }: { message: Message; certainty: Certainty }) {
  const [isOpen, setOpen] = useState(false)
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
