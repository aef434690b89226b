import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { api } from '../api/api.ts'
import { aboutQuery } from '../shared/about.ts'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { Card } from './card.tsx'
import { logIn } from './log-in.ts'

/** An account of one's own, and logged in with it. */
export function RegisterPage() {
  const about = useQuery(aboutQuery('anybody')).data
  const toLogin = <Link href={`/login${location.search}`}>Log in</Link>
  if (about?.registration === 'closed')
    return (
      <Card title="Registration is closed">
        <p>Only an admin makes accounts here. Ask one for yours.</p>
        <p>You have an account? {toLogin}</p>
      </Card>
    )
  return (
    <Card title="Register">
      <RegisterForm passwordMinLength={about?.password_min_length} />
      <p>You have an account? {toLogin}</p>
    </Card>
  )
}

function RegisterForm({ passwordMinLength }: { passwordMinLength: number | undefined }) {
  const form = useForm({
    initialValues: { username: '', password: '', email: '' },
    validate: {
      username: (text) => (text.trim() === '' ? 'Choose a username' : null),
      password: (text) => (text === '' ? 'Choose a password' : null),
    },
  })
  const { onSubmit, problem, busy } = useSubmit(form, async ({ username, password, email }) => {
    const name = username.trim()
    await api.post('/accounts', { username: name, password, ...(email && { email }) })
    await logIn({ username: name, password })
  })
  return (
    <form onSubmit={onSubmit} noValidate>
      <FormError text={problem} />
      <TextInput
        label="Username"
        description="Letters, digits, dots, dashes and underscores. Others see it."
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        size="md"
        {...form.getInputProps('username')}
      />
      <PasswordInput
        label="Password"
        description={passwordMinLength && `At least ${passwordMinLength} characters`}
        autoComplete="new-password"
        size="md"
        {...form.getInputProps('password')}
      />
      <TextInput
        label="E-mail (optional)"
        description="Only you and admins see it."
        type="email"
        autoComplete="email"
        size="md"
        {...form.getInputProps('email')}
      />
      <Button type="submit" size="md" loading={busy}>
        Register
      </Button>
    </form>
  )
}
