import { Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { CodeInput } from '../shared/code-input.tsx'
import { type Credentials, logIn } from './log-in.ts'
import { whyNotByCode } from './refusal.ts'

/** The second proof: the password was right. */
export function CodeStep({ credentials, onBack }: { credentials: Credentials; onBack: () => void }) {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  async function send(totp: string) {
    if (isBusy) return
    setBusy(true)
    try {
      await logIn({ ...credentials, totp })
    } catch (error) {
      setCode('')
      setProblem(whyNotByCode(error))
      setBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        void send(code)
      }}
      noValidate
    >
      <CodeInput
        label="Code"
        description={`The six digits that your authenticator app shows for ${credentials.username}`}
        value={code}
        error={problem}
        onChange={(next) => {
          setCode(next)
          if (next !== '') setProblem(undefined)
        }}
        onComplete={(whole) => void send(whole)}
      />
      <Button type="submit" size="md" loading={isBusy} disabled={code.length < 6}>
        Log in
      </Button>
      <Button variant="subtle" size="md" onClick={onBack}>
        Back
      </Button>
    </form>
  )
}
