import { ActionIcon, Menu, Popover } from '@mantine/core'
import {
  IconArrowBackUp,
  IconChecks,
  IconCopy,
  IconDots,
  IconMoodPlus,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { Message } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { Loading } from '../shared/notices.tsx'
import { notify, notifyFailure } from '../shared/notify.ts'
import classes from './messages.module.css'
import { useReact } from './reactions.tsx'

const EmojiPicker = lazy(() => import('./emoji-picker.tsx'))
const ReceiptsDialog = lazy(() => import('./receipts-dialog.tsx'))
const DeleteDialog = lazy(() => import('./delete-dialog.tsx'))

export interface MessageActionsProps {
  message: Message
  isTopic: boolean
  onEdit: (id: number) => void
  onReply: (message: Message) => void
  /** Something is open, and stays so wherever the pointer goes. */
  onHold: (isHeld: boolean) => void
}

/** What one can do with a message. */
export default function MessageActions({ message, isTopic, onEdit, onReply, onHold }: MessageActionsProps) {
  const me = useMe()
  const react = useReact(message)
  const [isPicking, setPicking] = useState(false)
  const [dialog, setDialog] = useState<'receipts' | 'delete'>()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const isHeld = isPicking || isMenuOpen || dialog !== undefined
  useEffect(() => onHold(isHeld), [isHeld, onHold])
  const isMine = message.author === me.username
  // In a topic its owner may as well; the API knows who that is.
  const mayDelete = isMine || isTopic
  return (
    <div className={classes.actions}>
      <Popover opened={isPicking} onChange={setPicking} position="top-end" shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={34}
            aria-label={`React to the message of ${message.author}`}
            onClick={() => setPicking(!isPicking)}
          >
            <IconMoodPlus size={19} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <Suspense fallback={<Loading />}>
            <EmojiPicker
              onPick={(emoji) => {
                setPicking(false)
                react(emoji, true)
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={`Reply to the message of ${message.author}`}
        onClick={() => onReply(message)}
      >
        <IconArrowBackUp size={19} />
      </ActionIcon>
      <Menu width={200} opened={isMenuOpen} onChange={setMenuOpen}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={34} aria-label={`More for the message of ${message.author}`}>
            <IconDots size={19} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconChecks size={18} />} onClick={() => setDialog('receipts')}>
            Who has got it
          </Menu.Item>
          {message.body && (
            <Menu.Item leftSection={<IconCopy size={18} />} onClick={() => void copy(message.body!)}>
              Copy the text
            </Menu.Item>
          )}
          {isMine && (
            <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => onEdit(message.id)}>
              Edit
            </Menu.Item>
          )}
          {mayDelete && (
            <Menu.Item color="red" leftSection={<IconTrash size={18} />} onClick={() => setDialog('delete')}>
              Delete
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {dialog === 'receipts' && <ReceiptsDialog message={message} onClose={() => setDialog(undefined)} />}
        {dialog === 'delete' && <DeleteDialog message={message} onClose={() => setDialog(undefined)} />}
      </Suspense>
    </div>
  )
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    notify('Copied.')
  } catch (error) {
    // Browsers give the clipboard to https and localhost only.
    notifyFailure(navigator.clipboard ? error : new Error('The clipboard needs https.'))
  }
}
