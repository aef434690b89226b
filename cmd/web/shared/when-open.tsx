import { type ReactNode, Suspense, useEffect } from 'react'

/**
 * Around a dialog or drawer that is React.lazy: its code is loaded when it is opened first, it begins anew each time, and the focus goes
 * back to where it was.
 */
export function WhenOpen({ opened, children }: { opened: boolean; children: ReactNode }) {
  useEffect(() => {
    if (!opened) return
    const before = document.activeElement
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [opened])
  return opened && <Suspense fallback={null}>{children}</Suspense>
}
