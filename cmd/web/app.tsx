import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { LoginPage } from './session/login-page.tsx'
import { RegisterPage } from './session/register-page.tsx'
import { useSession } from './session/session.ts'
import { ErrorBoundary } from './shared/error-boundary.tsx'
import { Loading } from './shared/notices.tsx'

// Who only logs in does not wait for the rest, nor who only looks at an inbox.
const Workspace = lazy(() => import('./shell/workspace.tsx'))
const InboxPage = lazy(() => import('./inbox/inbox-page.tsx'))

/** Who sees what: an inbox needs its link only, everything else an account. */
export function App() {
  const { token } = useSession()
  return (
    <ErrorBoundary>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/i/:objectId">{({ objectId }) => <InboxPage objectId={objectId} />}</Route>
          <Route path="/login">{token ? <Redirect to={afterLogin()} replace /> : <LoginPage />}</Route>
          <Route path="/register">{token ? <Redirect to={afterLogin()} replace /> : <RegisterPage />}</Route>
          <Route>{token ? <Workspace key={token} token={token} /> : <Redirect to={loginPath()} replace />}</Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}

/** To log in, and then on to where one wanted to go. */
function loginPath(): string {
  const wanted = location.pathname + location.search
  return wanted === '/' ? '/login' : `/login?to=${encodeURIComponent(wanted)}`
}

function afterLogin(): string {
  const to = new URLSearchParams(location.search).get('to') ?? '/'
  // A path of ours, not `//elsewhere`.
  return /^\/(?![/\\])/.test(to) ? to : '/'
}
