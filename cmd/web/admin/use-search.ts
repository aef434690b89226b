import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'

/** What is typed, and what of it has stood for a moment and is to be looked for. */
export function useSearch() {
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text.trim(), 200)
  return { text, setText, settled }
}
