import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './code-input.module.css'

const digits = 6

/** The code of an authenticator: one field, so that it can be pasted (with spaces, too), filled in by the browser, and read aloud. */
export function CodeInput({
  label,
  description,
  value,
  error,
  onChange,
  onComplete,
}: {
  label: string
  description?: ReactNode
  value: string
  error?: ReactNode
  onChange: (code: string) => void
  /** Called with a whole code, as soon as it is one. */
  onComplete: (code: string) => void
}) {
  return (
    <TextInput
      label={label}
      description={description}
      error={error}
      value={value}
      size="md"
      inputMode="numeric"
      autoComplete="one-time-code"
      placeholder="······"
      classNames={{ input: classes.code! }}
      data-autofocus
      autoFocus
      onChange={({ currentTarget }) => {
        const code = currentTarget.value.replace(/\D/g, '').slice(0, digits)
        onChange(code)
        if (code.length === digits && code !== value) onComplete(code)
      }}
    />
  )
}
