import { Button, Radio, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, useState } from 'react'
import { api } from '../../api/api.ts'
import { textOf } from '../../api/problem.ts'
import type { Account } from '../../api/views.ts'
import { useMe } from '../../live/feed-context.tsx'
import { fullName } from '../../people/person.ts'
import { Badge } from '../../shared/badge.tsx'
import { FormError } from '../../shared/form-error.tsx'
import { Loaded } from '../../shared/notices.tsx'
import { Header } from '../../shared/panes.tsx'
import { Time } from '../../shared/time.tsx'
import { WhenOpen } from '../../shared/when-open.tsx'
import { Facts } from '../facts.tsx'
import { Scroll } from '../scroll.tsx'
import classes from './account-view.module.css'
import { type Role, roles } from './roles.ts'

const Confirm = lazy(() => import('../../shared/confirm.tsx'))

type Change = { role: Role } | { disabled: boolean } | { totp_enabled: false }

/** One account, and what an admin may change about it. */
export function AccountView({ username }: { username: string }) {
  const query = useQuery({
    queryKey: ['manage-account', username],
    queryFn: ({ signal }) => api.get<Account>(`/accounts/${encodeURIComponent(username)}`, { signal }),
    staleTime: 0,
  })
  if (query.data) return <Open account={query.data} />
  return (
    <>
      <Header title={username} back="/accounts" />
      <Loaded query={query}>{() => null}</Loaded>
    </>
  )
}

function Open({ account }: { account: Account }) {
  const { username, role, disabled, totp_enabled, email, created_at } = account
  const me = useMe()
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Question>()
  const isMe = me.id === account.id
  const change = useMutation({
    mutationFn: (body: Change) => api.patch<Account>(`/accounts/${username}`, body),
    onSuccess(changed) {
      queries.setQueryData(['manage-account', username], changed)
      void queries.invalidateQueries({ queryKey: ['manage-accounts'] })
    },
  })

  function setRole(next: Role) {
    // A step down cannot be taken back by oneself.
    if (isMe) setAsked({ change: { role: next }, ...ownRole(next) })
    else change.mutate({ role: next })
  }

  return (
    <>
      <Header
        title={username}
        subtitle={fullName(account)}
        back="/accounts"
        actions={disabled && <Badge tone="critical">Disabled</Badge>}
      />
      <Scroll>
        <Facts
          facts={[
            ['E-mail', email ?? '–'],
            ['Since', <Time key="since" at={created_at} as="whole" />],
            ['Codes when logging in', totp_enabled ? 'On' : 'Off'],
          ]}
        />
        <div className={classes.sections}>
          <FormError text={change.error && !asked ? textOf(change.error) : undefined} />
          <Radio.Group
            label={<h2>Role</h2>}
            value={change.isPending && 'role' in change.variables ? change.variables.role : role}
            onChange={(next) => setRole(next as Role)}
          >
            <Stack gap={4} mt={8}>
              {Object.entries(roles).map(([value, { name, may }]) => (
                <Radio key={value} value={value} label={name} description={may} className={classes.role!} size="md" />
              ))}
            </Stack>
          </Radio.Group>
          <section>
            <h2>Access</h2>
            {disabled ? (
              <>
                <p>This account cannot log in. What it has written stays.</p>
                <Button
                  variant="default"
                  size="md"
                  loading={change.isPending}
                  onClick={() => change.mutate({ disabled: false })}
                >
                  Enable
                </Button>
              </>
            ) : (
              <>
                <p>
                  Without access its sessions and API keys end at once, and it cannot log in. What it has written stays.
                </p>
                <Button
                  variant="default"
                  size="md"
                  c="var(--b-critical)"
                  onClick={() => setAsked({ change: { disabled: true }, ...disabling(username, isMe) })}
                >
                  Disable
                </Button>
              </>
            )}
          </section>
          {totp_enabled && (
            <section>
              <h2>Codes</h2>
              <p>For somebody who has lost the phone that makes the codes: from then on the password alone lets in.</p>
              <Button
                variant="default"
                size="md"
                onClick={() => setAsked({ change: { totp_enabled: false }, ...resetting(username) })}
              >
                Reset the codes
              </Button>
            </section>
          )}
        </div>
      </Scroll>
      <WhenOpen opened={asked !== undefined}>
        {asked && (
          <Confirm
            title={asked.title}
            action={asked.action}
            run={() => change.mutateAsync(asked.change)}
            onClose={() => {
              setAsked(undefined)
              change.reset()
            }}
          >
            {asked.text}
          </Confirm>
        )}
      </WhenOpen>
    </>
  )
}

interface Question {
  change: Change
  title: string
  action: string
  text: string
}

const ownRole = (role: Role) => ({
  title: `Make yourself a ${roles[role].name.toLowerCase()}?`,
  action: 'Change my role',
  text: 'You will not be an admin any more, and cannot take it back: another admin has to.',
})

const disabling = (username: string, isMe: boolean) =>
  isMe
    ? {
        title: 'Disable your own account?',
        action: 'Disable my account',
        text: 'You will be logged out everywhere at once, and cannot log in again: another admin has to enable you.',
      }
    : {
        title: `Disable ${username}?`,
        action: 'Disable',
        text: `${username} is logged out everywhere at once, and the API keys end. An admin can enable the account again.`,
      }

const resetting = (username: string) => ({
  title: `Reset the codes of ${username}?`,
  action: 'Reset',
  text: 'Make sure that it is really them who ask: whoever knows the password can then log in.',
})
