/** Asks for a lock among the pages of this browser, and tells when it is held. Returns what gives it back, or takes the wish back. */
export function holdLock(name: string, mode: LockMode, onHeld: () => void = () => undefined): () => void {
  const controller = new AbortController()
  const { signal } = controller
  const untilAborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  const held = navigator.locks.request(name, { mode, signal }, () => {
    onHeld()
    return untilAborted
  })
  held.catch(() => undefined)
  return () => controller.abort()
}

/** Whether any page holds it. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}
