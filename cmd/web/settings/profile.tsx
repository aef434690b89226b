import { Button, Radio, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/api.ts'
import type { Me } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import classes from '../shared/form.module.css'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { meQuery } from '../shell/me.ts'
import { Done } from './done.tsx'
import settings from './settings.module.css'

const textFields = ['first_name', 'last_name', 'email', 'twitter_username'] as const

const valuesOf = (me: Me) => ({
  first_name: me.first_name ?? '',
  last_name: me.last_name ?? '',
  email: me.email ?? '',
  twitter_username: me.twitter_username ?? '',
  who_may_message: me.who_may_message,
})

/** What others see of one, and who may begin to write. */
export default function Profile() {
  const me = useMe()
  const queries = useQueryClient()
  const [isSaved, setSaved] = useState(false)
  const form = useForm({ initialValues: valuesOf(me), onValuesChange: () => setSaved(false) })
  const { onSubmit, problem, busy } = useSubmit(form, async (values) => {
    const texts = Object.fromEntries(textFields.map((name) => [name, values[name].trim() || null]))
    const saved = await api.patch<Me>('/me', { ...texts, who_may_message: values.who_may_message })
    queries.setQueryData(meQuery.queryKey, saved)
    form.setValues(valuesOf(saved))
    setSaved(true)
  })
  return (
    <form onSubmit={onSubmit} className={classes.form} noValidate>
      <FormError text={problem} />
      <p className={settings.note}>
        You are <strong>{me.username}</strong>. That name stays.
      </p>
      <div className={settings.pair}>
        <TextInput label="First name" autoComplete="given-name" size="md" {...form.getInputProps('first_name')} />
        <TextInput label="Last name" autoComplete="family-name" size="md" {...form.getInputProps('last_name')} />
      </div>
      <TextInput
        label="E-mail"
        description="Only you and admins see it."
        type="email"
        autoComplete="email"
        size="md"
        {...form.getInputProps('email')}
      />
      <TextInput
        label="Username on X"
        description="Posts of this account come into your feed, where X is set up."
        leftSection="@"
        autoCapitalize="none"
        size="md"
        {...form.getInputProps('twitter_username')}
      />
      <Radio.Group size="md" label="Who may start a conversation with you" {...form.getInputProps('who_may_message')}>
        <Stack gap={4} mt={4}>
          <Radio value="anyone" label="Anyone" size="md" py={6} />
          <Radio value="friends" label="Friends only" size="md" py={6} />
        </Stack>
      </Radio.Group>
      <Done when={isSaved}>Saved.</Done>
      <Button type="submit" size="md" className={settings.save!} loading={busy}>
        Save
      </Button>
    </form>
  )
}
