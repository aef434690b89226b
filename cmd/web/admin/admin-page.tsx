import { IconLock } from '@tabler/icons-react'
import { lazy } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { useMe } from '../live/feed-context.tsx'
import { Empty } from '../shared/notices.tsx'
import { Page } from '../shared/panes.tsx'
import { isAdmin, isDispatcher } from '../shell/me.ts'
import { NotFound } from '../shell/not-found.tsx'
import { RecipientsPage } from './recipients/recipients-page.tsx'
import { Tabs } from './tabs.tsx'

const ImportPage = lazy(() => import('./import/import-page.tsx'))
const AccountsPage = lazy(() => import('./accounts/accounts-page.tsx'))
const DeadLettersPage = lazy(() => import('./dead-letters/dead-letters-page.tsx'))
const DashboardsPage = lazy(() => import('./dashboards-page.tsx'))

/** What dispatchers and admins look after. */
export default function AdminPage() {
  const me = useMe()
  if (!isDispatcher(me))
    return (
      <Page title="Manage">
        <Empty icon={<IconLock size={40} />} title="This is for dispatchers and admins">
          <p>An admin can make you one.</p>
        </Empty>
      </Page>
    )
  return (
    <Tabs isAdmin={isAdmin(me)}>
      <Switch>
        <Route path="/">
          <Redirect to="/recipients" replace />
        </Route>
        <Route path="/recipients/import" component={ImportPage} />
        <Route path="/recipients/:id?">{({ id }) => <RecipientsPage id={id} />}</Route>
        {isAdmin(me) && (
          <Route path="/accounts/:username?">{({ username }) => <AccountsPage username={username} />}</Route>
        )}
        {isAdmin(me) && <Route path="/dead-letters" component={DeadLettersPage} />}
        {isAdmin(me) && <Route path="/dashboards" component={DashboardsPage} />}
        <Route component={NotFound} />
      </Switch>
    </Tabs>
  )
}
