import { IconUserQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { Link } from 'wouter'
import { api } from '../api/api.ts'
import { Refused } from '../api/problem.ts'
import type { Account } from '../api/views.ts'
import { useMe } from '../live/feed-context.tsx'
import { Avatar } from '../shared/avatar.tsx'
import { Empty, Loaded, Loading } from '../shared/notices.tsx'
import { Header } from '../shared/panes.tsx'
import { Time } from '../shared/time.tsx'
import classes from './people.module.css'
import { fullName } from './person.ts'
import { ProfileActions } from './profile-actions.tsx'
import { useStatus } from './use-status.ts'

const OwnParts = lazy(() => import('./own-parts.tsx'))

const accountKey = (username: string) => ['account', username.toLowerCase()] as const

/** One account: who it is, what it says of itself, and what one may do about it. */
export function ProfilePane({ username, level }: { username: string; level: 1 | 2 }) {
  // No event tells of other accounts.
  const account = useQuery({
    queryKey: accountKey(username),
    queryFn: ({ signal }) => load(username, signal),
    staleTime: 0,
  })
  return (
    <Loaded query={account}>
      {(found) =>
        found ? (
          <Profile account={found} level={level} />
        ) : (
          <>
            <Header title={username} back="/people" level={level} />
            <Empty icon={<IconUserQuestion size={40} />} title={`There is no account ${username}`}>
              <Link href="/people">All people</Link>
            </Empty>
          </>
        )
      }
    </Loaded>
  )
}

/** Null where there is no such account. */
async function load(username: string, signal: AbortSignal): Promise<Account | null> {
  try {
    return await api.get<Account>(`/accounts/${encodeURIComponent(username)}`, { signal })
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}

const roles: Record<Account['role'], string | undefined> = {
  admin: 'Admin',
  dispatcher: 'Dispatcher',
  member: undefined,
}

function Profile({ account, level }: { account: Account; level: 1 | 2 }) {
  const me = useMe()
  const isMe = account.id === me.id
  const name = fullName(account)
  const facts: [string, ReactNode][] = [
    ['Role', roles[account.role]],
    ['Here since', <Time key="since" at={account.created_at} as="date" />],
    ['On X', account.twitter_username && <XLink name={account.twitter_username} />],
  ]
  return (
    <>
      <Header title={account.username} back="/people" level={level} />
      <div className={classes.scroll}>
        <div className={classes.profile}>
          <div className={classes.who}>
            <Avatar name={account.username} size={72} />
            <div className={classes.names}>
              <p className={classes.name}>{name ?? account.username}</p>
              {isMe && <p className={classes.dim}>This is you.</p>}
              {!isMe && <OthersStatus username={account.username} />}
            </div>
          </div>
          {!isMe && <ProfileActions account={account} />}
          <dl className={classes.facts}>
            {facts
              .filter(([, value]) => value)
              .map(([title, value]) => (
                <div key={title}>
                  <dt>{title}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
          {isMe && (
            <Suspense fallback={<Loading />}>
              <OwnParts />
            </Suspense>
          )}
        </div>
      </div>
    </>
  )
}

function OthersStatus({ username }: { username: string }) {
  const status = useStatus(username)
  if (!status) return null
  return (
    <p className={classes.status}>
      {status.text}
      <span className={classes.dim}>
        {' '}
        · ends <Time at={status.endsAt} as="relative" />
      </span>
    </p>
  )
}

function XLink({ name }: { name: string }) {
  return (
    <a href={`https://x.com/${encodeURIComponent(name)}`} target="_blank" rel="noopener noreferrer">
      @{name}
    </a>
  )
}
