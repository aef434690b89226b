import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { OutboxProvider } from '../conversations/outbox-provider.tsx'
import { LiveProvider } from '../live/live-provider.tsx'
import { useChoice } from '../notifications/choice.ts'
import { Failure, Loading } from '../shared/notices.tsx'
import { meQuery } from './me.ts'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const Notifications = lazy(async () => ({ default: (await import('@mantine/notifications')).Notifications }))
const Notifier = lazy(() => import('../notifications/notifier.tsx'))
const TopicsPage = lazy(() => import('../topics/topics-page.tsx'))
const ChatsPage = lazy(() => import('../chats/chats-page.tsx'))
const PeoplePage = lazy(() => import('../people/people-page.tsx'))
const SearchPage = lazy(() => import('../search/search-page.tsx'))
const AlertsPage = lazy(() => import('../alerts/alerts-page.tsx'))
const AdminPage = lazy(() => import('../admin/admin-page.tsx'))
const SettingsPage = lazy(() => import('../settings/settings-page.tsx'))

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
              <Route path="/topics/:id?">{({ id }) => <TopicsPage id={id} />}</Route>
              <Route path="/messages/:id?">{({ id }) => <ChatsPage id={id} />}</Route>
              <Route path="/people/:username?">{({ username }) => <PeoplePage username={username} />}</Route>
              <Route path="/search" component={SearchPage} />
              <Route path="/alerts" nest component={AlertsPage} />
              <Route path="/manage" nest component={AdminPage} />
              <Route path="/settings" nest component={SettingsPage} />
              <Route component={NotFound} />
            </Switch>
          </Suspense>
        </Shell>
      </OutboxProvider>
    </LiveProvider>
  )
}
