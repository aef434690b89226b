import { CloseButton, Loader, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

/** What is typed, and what of it has stood for a moment and is to be looked for. */
export function useSearch() {
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text.trim(), 200)
  return { text, setText, settled }
}

/** Narrows the list below. */
export function SearchField({
  label,
  search: { text, setText },
  isLooking,
}: {
  label: string
  search: ReturnType<typeof useSearch>
  isLooking: boolean
}) {
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      size="md"
      mx={16}
      mb={8}
      maxLength={100}
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
      leftSection={<IconSearch size={18} aria-hidden="true" />}
      rightSection={
        isLooking ? (
          <Loader size={16} />
        ) : text ? (
          <CloseButton aria-label="Clear the search" onClick={() => setText('')} />
        ) : null
      }
    />
  )
}
