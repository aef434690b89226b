import { useSyncExternalStore } from 'react'

/** Who is logged in, in this tab and all others of this browser. `reason`: why nobody is any more. */
export interface SessionState {
  token?: string
  reason?: string
}

const storageKey = 'belfry.session'
const listeners = new Set<() => void>()
let state: SessionState = read()

function read(): SessionState {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}')
    return typeof kept.token === 'string' ? { token: kept.token } : {}
  } catch {
    return {}
  }
}

function change(next: SessionState): void {
  state = next
  try {
    if (next.token) localStorage.setItem(storageKey, JSON.stringify({ token: next.token }))
    else localStorage.removeItem(storageKey)
  } catch {
    // Storage is forbidden or full: the session lasts as long as this tab.
  }
  tell()
}

function tell(): void {
  for (const listener of listeners) listener()
}

// Another tab logged in or out.
globalThis.addEventListener?.('storage', (event: StorageEvent) => {
  if (event.key !== storageKey && event.key !== null) return
  const next = read()
  if (next.token === state.token) return
  state = next.token ? next : { reason: 'You have logged out in another tab.' }
  tell()
})

export const currentToken = (): string | undefined => state.token

export const beginSession = (token: string): void => change({ token })

/** Forgets the session of this token, if it is still the current one. */
export function endSession(token: string | undefined, reason?: string): void {
  if (token === state.token) change(reason === undefined ? {} : { reason })
}

export function useSession(): SessionState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}
