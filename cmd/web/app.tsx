import type { QueryClient } from '@tanstack/react-query'
import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { LoginPage } from './session/login-page.tsx'
import { RegisterPage } from './session/register-page.tsx'
import { currentToken, useSession } from './session/session.ts'
import { ErrorBoundary } from './shared/error-boundary.tsx'
import { lazyPart } from './shared/lazy-part.ts'
import { Loading } from './shared/notices.tsx'
import { meQuery } from './shell/me.ts'

// Who only logs in does not wait for the rest, nor who only looks at an inbox.
const Workspace = lazyPart(() => import('./shell/workspace.tsx'))
const InboxPage = lazyPart(() => import('./inbox/inbox-page.tsx'))

/** Fetches what the address needs, so that it is the first thing on the screen. */
export async function fetchFirst(queries: QueryClient): Promise<void> {
  if (location.pathname.startsWith('/i/')) await InboxPage.load()
  else if (currentToken()) {
    void queries.prefetchQuery(meQuery)
    await Workspace.load()
  }
}

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
