import { Button } from '@mantine/core'
import { Component, type ReactNode } from 'react'
import { textOf } from '../api/problem.ts'
import { Empty } from './notices.tsx'

/** A page that has failed says so, instead of leaving nothing: a bug, or a part of it that could not be loaded. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    if (this.state.error === undefined) return this.props.children
    return (
      <main role="alert">
        <Empty title="Something went wrong on this page">
          <p>{textOf(this.state.error)}</p>
          <Button onClick={() => location.reload()}>Load it again</Button>
        </Empty>
      </main>
    )
  }
}
