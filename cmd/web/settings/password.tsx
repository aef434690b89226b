import { Button, PasswordInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { api } from '../api/api.ts'
import { Refused } from '../api/problem.ts'
import { useMe } from '../live/feed-context.tsx'
import classes from '../shared/form.module.css'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { Done } from './done.tsx'
import settings from './settings.module.css'

const empty = { current_password: '', new_password: '' }

/** A new password ends all other sessions, but no API key. */
export default function Password() {
  const me = useMe()
  const queries = useQueryClient()
  const [isDone, setDone] = useState(false)
  const form = useForm({
    initialValues: empty,
    validate: {
      current_password: (text) => (text === '' ? 'Your password until now' : null),
      new_password: (text) => (text === '' ? 'Choose a new password' : null),
    },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async (values) => {
    setDone(false)
    try {
      await api.put('/me/password', values)
    } catch (error) {
      if (!(error instanceof Refused && error.code === 'wrong_password')) throw error
      return form.setFieldError('current_password', error.message)
    }
    form.setValues(empty)
    setDone(true)
    void queries.invalidateQueries({ queryKey: ['sessions'] })
  })
  return (
    <form onSubmit={onSubmit} className={classes.form} noValidate>
      <FormError text={problem} />
      <p className={settings.note}>
        All your other sessions end. <Link href="/api-keys">API keys</Link> go on: delete those that you do not know.
      </p>
      {/* For password managers. */}
      <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
      <PasswordInput
        label="Current password"
        autoComplete="current-password"
        size="md"
        {...form.getInputProps('current_password')}
      />
      <PasswordInput
        label="New password"
        autoComplete="new-password"
        size="md"
        {...form.getInputProps('new_password')}
      />
      <Done when={isDone}>Your password is changed, and all your other sessions have ended.</Done>
      <Button type="submit" size="md" className={settings.save!} loading={busy}>
        Change the password
      </Button>
    </form>
  )
}
