import { Button, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { textOf } from '../api/problem.ts'
import classes from './notices.module.css'

/** While something is on its way. */
export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <div className={classes.center} role="status" aria-label={what}>
      <Loader size="sm" />
    </div>
  )
}

/** Where there is nothing yet: what would be here, and how to make it so. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      {icon}
      <p className={classes.title}>{title}</p>
      {children}
    </div>
  )
}

/** What went wrong, where it went wrong. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className={classes.failure} role="alert">
      <p>{textOf(error)}</p>
      {onRetry && (
        <Button variant="default" size="xs" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

interface Query<T> {
  data: T | undefined
  error: unknown
  refetch: () => unknown
}

/** One of: loading, what went wrong, what came. What came stays while a newer one fails. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return <Loading />
}
