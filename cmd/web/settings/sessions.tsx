import { Button } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile, IconTerminal2 } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/api.ts'
import { textOf } from '../api/problem.ts'
import type { Session } from '../api/views.ts'
import { Badge } from '../shared/badge.tsx'
import { Entries, Entry } from '../shared/entries.tsx'
import { FormError } from '../shared/form-error.tsx'
import { Pages, usePages } from '../shared/pages.tsx'
import { Time } from '../shared/time.tsx'
import { agentOf } from './agent.ts'
import settings from './settings.module.css'

const icons = { computer: IconDeviceDesktop, phone: IconDeviceMobile, program: IconTerminal2 }

/** Where one is logged in. */
export default function Sessions() {
  const list = usePages<Session>(['sessions'], '/sessions')
  return (
    <>
      <p className={settings.note}>
        A session that ends is logged out at once, wherever it is. If you do not know one, end it and change your
        password.
      </p>
      <div>
        <Pages list={list} empty={null}>
          {(sessions) => (
            <Entries label="Sessions">
              {sessions.map((session) => (
                <One key={session.id} session={session} />
              ))}
            </Entries>
          )}
        </Pages>
      </div>
    </>
  )
}

function One({ session: { id, user_agent, address, created_at, expires_at, current } }: { session: Session }) {
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => api.delete(`/sessions/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const { kind, text } = agentOf(user_agent)
  const Icon = icons[kind]
  return (
    <Entry
      icon={<Icon size={26} stroke={1.5} aria-hidden="true" />}
      title={
        <>
          {text} {current && <Badge tone="accent">This one</Badge>}
        </>
      }
      detail={
        <>
          {address ?? 'Unknown address'} · since <Time at={created_at} /> · until <Time at={expires_at} />
          {end.error && <FormError text={textOf(end.error)} />}
        </>
      }
      actions={
        current ? null : (
          <Button
            variant="default"
            size="md"
            px={14}
            loading={end.isPending}
            aria-label={`End the session of ${text}`}
            onClick={() => end.mutate()}
          >
            End
          </Button>
        )
      }
    />
  )
}
