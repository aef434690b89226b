import { ActionIcon } from '@mantine/core'
import { IconMoodSmile } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'

const EmojiPopover = lazy(() => import('./emoji-popover.tsx'))

/** A button behind which the emoji are; they come when it is pressed for the first time. */
export function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const [isOpen, setOpen] = useState(false)
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={44}
      aria-label="Insert an emoji"
      aria-haspopup="dialog"
      onClick={() => setOpen(!isOpen)}
    >
      <IconMoodSmile size={22} />
    </ActionIcon>
  )
  if (!isOpen) return button
  return (
    <Suspense fallback={button}>
      <EmojiPopover target={button} onPick={onPick} onClose={() => setOpen(false)} />
    </Suspense>
  )
}
