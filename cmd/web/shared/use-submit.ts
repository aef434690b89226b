import type { UseFormReturnType } from '@mantine/form'
import { useRef, useState } from 'react'
import { Refused, textOf } from '../api/problem.ts'
import { newKey } from './request-key.ts'

/**
 * Sends a form. What the API finds wrong goes to the fields that it names, the rest is `problem`. The same values sent again, after an
 * answer that did not come, carry the same Idempotency-Key.
 */
export function useSubmit<V extends Record<string, unknown>>(
  form: UseFormReturnType<V>,
  send: (values: V, key: string) => Promise<void>,
) {
  const [problem, setProblem] = useState<string>()
  const sent = useRef<{ text: string; key: string }>(undefined)
  const onSubmit = form.onSubmit(async (values) => {
    setProblem(undefined)
    const text = JSON.stringify(values)
    if (sent.current?.text !== text) sent.current = { text, key: newKey() }
    try {
      await send(values, sent.current.key)
      sent.current = undefined
    } catch (error) {
      const fields = error instanceof Refused ? error.fields : []
      const known = fields.filter(({ path }) => path in form.getValues())
      for (const { path, message } of known) form.setFieldError(path, sentence(message))
      if (known.length === 0 || known.length < fields.length) setProblem(textOf(error))
    }
  })
  return { onSubmit, problem, busy: form.submitting }
}

/** The API says "must be ...". */
const sentence = (message: string) => message.charAt(0).toLocaleUpperCase() + message.slice(1)
