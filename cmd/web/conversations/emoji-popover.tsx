import { Popover } from '@mantine/core'
import type { ReactElement } from 'react'
import EmojiPicker from './emoji-picker.tsx'

export interface EmojiPopoverProps {
  /** The button that it stands above. */
  target: ReactElement
  onPick: (emoji: string) => void
  onClose: () => void
}

export default function EmojiPopover({ target, onPick, onClose }: EmojiPopoverProps) {
  return (
    <Popover opened onClose={onClose} onDismiss={onClose} position="top-end" shadow="md" trapFocus>
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown p={0}>
        <EmojiPicker
          onPick={(emoji) => {
            onClose()
            onPick(emoji)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
