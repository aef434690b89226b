interface Target {
  addEventListener(type: string, listener: () => void): void
  removeEventListener(type: string, listener: () => void): void
}

/** What a browser has and Node may not. */
interface Page extends Partial<Target> {
  document?: Target & { visibilityState: string }
  navigator?: { onLine?: boolean }
}

const page = globalThis as unknown as Page

/** Asked when it matters and never remembered: a page that was frozen is not always told that it is shown again. */
export const isHidden = (): boolean => page.document?.visibilityState === 'hidden'

/** Whether the browser says that there is no network. Never, where nothing says so. */
export const isOffline = (): boolean => page.navigator?.onLine === false

export interface PageListener {
  /** There is reason to think that the connection died, or can be made now. */
  woke(): void
  /** The browser says that the network went. */
  wentOffline(): void
}

/** Listens to the page, where there is one. Returns what ends that. */
export function watchPage({ woke, wentOffline }: PageListener): () => void {
  const shown = () => {
    if (!isHidden()) woke()
  }
  const listeners: [target: Partial<Target> | undefined, type: string, listener: () => void][] = [
    [page, 'online', woke],
    [page, 'offline', wentOffline],
    [page, 'pageshow', shown],
    [page.document, 'visibilitychange', shown],
    [page.document, 'resume', shown],
  ]
  for (const [target, type, listener] of listeners) target?.addEventListener?.(type, listener)
  return () => {
    for (const [target, type, listener] of listeners) target?.removeEventListener?.(type, listener)
  }
}
