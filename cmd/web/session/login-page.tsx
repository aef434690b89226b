import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { aboutQuery } from '../shared/about.ts'
import { FormError } from '../shared/form-error.tsx'
import { Card } from './card.tsx'
import { CodeStep } from './code-step.tsx'
import { type Credentials, logIn } from './log-in.ts'
import { isCodeWanted, whyNot } from './refusal.ts'
import { useSession } from './session.ts'

/** Name and password first; then the code where the account asks for one. */
export function LoginPage() {
  const { reason } = useSession()
  const [accepted, setAccepted] = useState<Credentials>()
  const [problem, setProblem] = useState<string>()
  const isClosed = useQuery(aboutQuery('anybody')).data?.registration === 'closed'
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: {
      username: (text) => (text.trim() === '' ? 'Your username' : null),
      password: (text) => (text === '' ? 'Your password' : null),
    },
  })

  async function submit({ username, password }: typeof form.values) {
    const credentials = { username: username.trim(), password }
    setProblem(undefined)
    try {
      await logIn(credentials)
    } catch (error) {
      if (isCodeWanted(error)) setAccepted(credentials)
      else setProblem(whyNot(error))
    }
  }

  if (accepted)
    return (
      <Card title="One more step">
        <CodeStep credentials={accepted} onBack={() => setAccepted(undefined)} />
      </Card>
    )
  return (
    <Card title="Log in" notice={reason}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <FormError text={problem} />
        <TextInput
          label="Username"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          size="md"
          {...form.getInputProps('username')}
        />
        <PasswordInput label="Password" autoComplete="current-password" size="md" {...form.getInputProps('password')} />
        <Button type="submit" size="md" loading={form.submitting}>
          Log in
        </Button>
      </form>
      {isClosed ? (
        <p>No account yet? Ask an admin for one.</p>
      ) : (
        <p>
          No account yet? <Link href={`/register${location.search}`}>Register</Link>
        </p>
      )}
    </Card>
  )
}
