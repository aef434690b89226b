import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from 'wouter'
import { api } from '../api/api.ts'
import { FormError } from '../shared/form-error.tsx'
import { useSubmit } from '../shared/use-submit.ts'
import { Card } from './card.tsx'
import { logIn } from './log-in.ts'

/** An account of one's own, and logged in with it. */
export function RegisterPage() {
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
    <Card title="Register">
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
        <PasswordInput label="Password" autoComplete="new-password" size="md" {...form.getInputProps('password')} />
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
      <p>
        You have an account? <Link href="/login">Log in</Link>
      </p>
    </Card>
  )
}
