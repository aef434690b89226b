import { Button, Fieldset, PasswordInput, PinInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { Link } from 'wouter'
import { Refused, textOf } from '../api/problem.ts'
import { FormError } from '../shared/form-error.tsx'
import { Card } from './card.tsx'
import { logIn } from './log-in.ts'
import { useSession } from './session.ts'

/** Name and password first; the code only where the account asks for one. */
export function LoginPage() {
  const { reason } = useSession()
  const [asksCode, setAsksCode] = useState(false)
  const [problem, setProblem] = useState<string>()
  const form = useForm({
    initialValues: { username: '', password: '', totp: '' },
    validate: {
      username: (text) => (text.trim() === '' ? 'Your username' : null),
      password: (text) => (text === '' ? 'Your password' : null),
    },
  })

  async function submit({ username, password, totp }: typeof form.values) {
    setProblem(undefined)
    try {
      await logIn({ username: username.trim(), password, ...(totp && { totp }) })
    } catch (error) {
      const isCodeWanted = error instanceof Refused && error.code === 'totp_required'
      if (isCodeWanted) return setAsksCode(true)
      form.setFieldValue('totp', '')
      setProblem(textOf(error))
    }
  }

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
        {asksCode && (
          <Fieldset variant="unstyled" legend="The code that your authenticator app shows now">
            <PinInput
              length={6}
              type="number"
              oneTimeCode
              autoFocus
              size="md"
              mt={8}
              getInputProps={(index) => ({ 'aria-label': `Digit ${index + 1}` })}
              {...form.getInputProps('totp')}
              onComplete={(totp) => void submit({ ...form.values, totp })}
            />
          </Fieldset>
        )}
        <Button type="submit" size="md" loading={form.submitting}>
          Log in
        </Button>
      </form>
      <p>
        No account yet? <Link href="/register">Register</Link>
      </p>
    </Card>
  )
}
