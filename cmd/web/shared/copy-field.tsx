import { ActionIcon, TextInput, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useRef, useState } from 'react'

type Outcome = 'copied' | 'selected'

const words: Record<Outcome, string> = { copied: 'Copied.', selected: 'It is selected: press Ctrl+C to copy it.' }

/** Text to take elsewhere. */
export function CopyField({ label, value, description }: { label: string; value: string; description?: string }) {
  const field = useRef<HTMLInputElement>(null)
  const [outcome, setOutcome] = useState<Outcome>()
  return (
    <div>
      <TextInput
        ref={field}
        label={label}
        description={outcome === 'selected' ? words.selected : description}
        value={value}
        readOnly
        size="md"
        onFocus={({ target }) => target.select()}
        rightSectionWidth={44}
        rightSection={
          <ActionIcon
            variant="subtle"
            size={44}
            aria-label="Copy"
            onClick={() => void copy(value, field.current!).then(setOutcome)}
          >
            {outcome === 'copied' ? <IconCheck size={20} /> : <IconCopy size={20} />}
          </ActionIcon>
        }
      />
      <VisuallyHidden role="status">{outcome && words[outcome]}</VisuallyHidden>
    </div>
  )
}

/** Browsers give the clipboard to pages of https and localhost only. The rest may have the old way, or the text is selected for the hand. */
async function copy(text: string, field: HTMLInputElement): Promise<Outcome> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    field.focus()
    field.select()
    return document.execCommand('copy') ? 'copied' : 'selected'
  }
}
