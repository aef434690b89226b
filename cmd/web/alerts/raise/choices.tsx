import { Input } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './choices.module.css'

export interface Choice<V extends string> {
  value: V
  label: ReactNode
  description?: ReactNode
}

interface ChoicesProps<V extends string> {
  label: string
  choices: readonly Choice<V>[]
  value?: V | ''
  onChange: (value: V) => void
  error?: ReactNode
}

/** One of a few, all of them in sight. */
export function Choices<V extends string>({ label, choices, value, onChange, error }: ChoicesProps<V>) {
  const name = useId()
  const errorId = `${name}-error`
  return (
    <fieldset className={classes.choices} aria-describedby={error ? errorId : undefined}>
      <legend>{label}</legend>
      <div className={classes.row}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes.choice} data-value={choice.value}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              aria-labelledby={`${name}-${choice.value}`}
              aria-describedby={choice.description ? `${name}-${choice.value}-more` : undefined}
              checked={value === choice.value}
              onChange={() => onChange(choice.value)}
            />
            <span id={`${name}-${choice.value}`} className={classes.label}>
              {choice.label}
            </span>
            {choice.description && (
              <span id={`${name}-${choice.value}-more`} className={classes.description}>
                {choice.description}
              </span>
            )}
          </label>
        ))}
      </div>
      {error && <Input.Error id={errorId}>{error}</Input.Error>}
    </fieldset>
  )
}
