import { IconBellRinging, IconLock } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { Link, Route, Switch, useRoute } from 'wouter'
import { useMe } from '../live/feed-context.tsx'
import { Empty, Loading } from '../shared/notices.tsx'
import { Page, Panes } from '../shared/panes.tsx'
import { parseId } from '../shared/parse-id.ts'
import { isDispatcher } from '../shell/me.ts'
import { AlertList } from './alert-list.tsx'
import { AlertPane } from './detail/alert-pane.tsx'

const RaisePane = lazy(() => import('./raise/raise-pane.tsx'))
const SchedulesPage = lazy(() => import('./schedules/schedules-page.tsx'))

/** Alerts and schedules. Members have neither alerts nor roll-calls, but may have messages that are sent later. */
export default function AlertsPage() {
  const me = useMe()
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/schedules" nest component={SchedulesPage} />
        <Route>{isDispatcher(me) ? <Alerts /> : <MembersOnly />}</Route>
      </Switch>
    </Suspense>
  )
}

function Alerts() {
  const [isNew] = useRoute('/new')
  const [, params] = useRoute('/:id')
  const id = isNew || !params ? undefined : (parseId(params.id) ?? 0)
  const isOpen = isNew || id !== undefined
  return (
    <Panes list={<AlertList selected={id} isMain={!isOpen} />} open={isOpen} wide>
      <Suspense fallback={<Loading />}>
        {isNew ? <RaisePane /> : id === undefined ? <Nothing /> : <AlertPane key={id} id={id} />}
      </Suspense>
    </Panes>
  )
}

const Nothing = () => (
  <Empty icon={<IconBellRinging size={40} stroke={1.5} />} title="Whom did it reach?">
    <p>Choose an alert to see its roll-call, as it fills.</p>
  </Empty>
)

const MembersOnly = () => (
  <Page title="Alerts">
    <Empty icon={<IconLock size={40} stroke={1.5} />} title="Alerts are for dispatchers">
      <p>
        Your account is a member's. An admin can make it a dispatcher's, who raise alerts and see whom they reached.
      </p>
      <p>
        You can have <Link href="/schedules">messages sent later</Link>.
      </p>
    </Empty>
  </Page>
)
