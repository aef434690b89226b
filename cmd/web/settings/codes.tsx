import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Me, TotpSecret } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { CodeInput } from '../shared/code-input.tsx'
import { CopyField } from '../shared/copy-field.tsx'
import classes from '../shared/form.module.css'
import { FormError } from '../shared/form-error.tsx'
import { Loading } from '../shared/notices.tsx'
import { meQuery } from '../shell/me.ts'
import { Done } from './done.tsx'
import settings from './settings.module.css'

const QrCode = lazy(() => import('../shared/qr-code.tsx'))

/** Codes of an authenticator as a second proof when logging in: on, by a first one; off, by one more. */
export default function Codes() {
  const me = useMe()
  const queries = useQueryClient()
  const [news, setNews] = useState<string>()
  const change = (totp_enabled: boolean, text: string) => {
    queries.setQueryData(meQuery.queryKey, (known) => known && { ...known, totp_enabled })
    setNews(text)
  }
  return (
    <div className={classes.form}>
      <Done when={news !== undefined}>{news}</Done>
      {me.totp_enabled ? (
        <TurnOff onDone={() => change(false, 'Two-step codes are off.')} />
      ) : (
        <TurnOn onDone={() => change(true, 'Two-step codes are on. The next log-in asks for one.')} />
      )}
    </div>
  )
}

function TurnOn({ onDone }: { onDone: () => void }) {
  const start = useMutation({ mutationFn: () => api.post<TotpSecret>('/me/totp') })
  if (!start.data)
    return (
      <>
        <p>
          With codes, your password alone does not let anybody in: logging in also asks for six digits that an
          authenticator app on your phone shows.
        </p>
        <FormError text={start.error ? textOf(start.error) : undefined} />
        <Button size="md" className={settings.save!} loading={start.isPending} onClick={() => start.mutate()}>
          Set up codes
        </Button>
      </>
    )
  const { secret, otpauth_url } = start.data
  return (
    <>
      <h2>1. Scan this with your authenticator app</h2>
      <Suspense fallback={<Loading />}>
        <QrCode text={otpauth_url} label="QR code of the secret, for an authenticator app" />
      </Suspense>
      <CopyField
        label="Or type in this secret"
        value={secret.replace(/.{4}(?=.)/g, '$& ')}
        description="It is shown this once."
      />
      <h2>2. Type in the code that it shows</h2>
      <ByCode action="Turn on" send={(code) => api.post<Me>('/me/totp/confirm', { code })} onDone={onDone} />
    </>
  )
}

function TurnOff({ onDone }: { onDone: () => void }) {
  const [isWanted, setWanted] = useState(false)
  return (
    <>
      <p>Codes are on: logging in asks for one from your authenticator app.</p>
      <p className={settings.note}>
        Before you change phones, turn them off here, and on again with the new one. If the phone is lost, an admin can
        reset the codes.
      </p>
      {isWanted ? (
        <ByCode action="Turn off" send={(code) => api.delete('/me/totp', { body: { code } })} onDone={onDone}>
          Each code works once: if you have just used one, wait for the next.
        </ByCode>
      ) : (
        <Button variant="default" size="md" className={settings.save!} onClick={() => setWanted(true)}>
          Turn codes off
        </Button>
      )}
    </>
  )
}

/** Sends as soon as there are six digits; the button is for those who would rather press one. */
function ByCode({
  action,
  send,
  onDone,
  children,
}: {
  action: string
  send: (code: string) => Promise<unknown>
  onDone: () => void
  children?: ReactNode
}) {
  const [code, setCode] = useState('')
  const confirm = useMutation({ mutationFn: send, onSuccess: onDone, onError: () => setCode('') })
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        confirm.mutate(code)
      }}
    >
      <CodeInput
        label="Code"
        description={children}
        value={code}
        error={confirm.error && code === '' ? textOf(confirm.error) : undefined}
        onChange={setCode}
        onComplete={(whole) => confirm.mutate(whole)}
      />
      <Button type="submit" size="md" className={settings.save!} loading={confirm.isPending} disabled={code.length < 6}>
        {action}
      </Button>
    </form>
  )
}
