import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { OutboxProvider } from '../conversations/outbox-provider.tsx'
import { LiveProvider } from '../live/live-provider.tsx'
import { useChoice } from '../notifications/choice.ts'
import { lazyPart } from '../shared/lazy-part.ts'
import { Failure, Loading } from '../shared/notices.tsx'
import { meQuery } from './me.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const pages = {
  topics: lazyPart(() => import('../topics/topics-page.tsx')),
  messages: lazyPart(() => import('../chats/chats-page.tsx')),
  people: lazyPart(() => import('../people/people-page.tsx')),
  search: lazyPart(() => import('../search/search-page.tsx')),
  alerts: lazyPart(() => import('../alerts/alerts-page.tsx')),
  manage: lazyPart(() => import('../admin/admin-page.tsx')),
  settings: lazyPart(() => import('../settings/settings-page.tsx')),
}
const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }))
const Notifier = lazy(() => import('../notifications/notifier.tsx'))

// On its way while it is found out who one is, not after.
const first = location.pathname.split('/')[1] || 'topics'
if (Object.hasOwn(pages, first)) pages[first as keyof typeof pages].load().catch(() => undefined)

/** Everything behind the login: who one is, the stream, and the page that the address names. */
export default function Workspace({ token }: { token: string }) {
  const queries = useQueryClient()
  const me = useQuery(meQuery)
  const [notified] = useChoice()
  // Nothing of an account is left for the next one.
  useEffect(() => () => queries.clear(), [queries])
  if (!me.data) return me.error ? <Failure error={me.error} onRetry={() => void me.refetch()} /> : <Loading />
  return (
    <LiveProvider token={token} me={me.data}>
      <Suspense>
        <Notifications position="top-center" limit={3} />
        {notified !== 'nothing' && <Notifier choice={notified} />}
      </Suspense>
      <OutboxProvider>
        <Shell>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/">
                <Redirect to="/topics" replace />
              </Route>
              <Route path="/topics/:id?">{({ id }) => <pages.topics id={id} />}</Route>
              <Route path="/messages/:id?">{({ id }) => <pages.messages id={id} />}</Route>
              <Route path="/people/:username?">{({ username }) => <pages.people username={username} />}</Route>
              <Route path="/search" component={pages.search} />
              <Route path="/alerts" nest component={pages.alerts} />
              <Route path="/manage" nest component={pages.manage} />
              <Route path="/settings" nest component={pages.settings} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </Shell>
      </OutboxProvider>
    </LiveProvider>
  )
}
