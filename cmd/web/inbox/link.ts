import { useEffect, useState } from 'react'

/*
 * An inbox is opened by its link, /i/7#bx_..., whose fragment no server and no log ever sees. It is kept for the next time and leaves
 * the address bar, so that it is not read over a shoulder or copied along with the address.
 */

const inMemory = new Map<string, string>()
const keyOf = (objectId: string) => `belfry.inbox.${objectId}`

function takeToken(objectId: string): string | undefined {
  const given = location.hash.slice(1)
  if (given !== '') {
    inMemory.set(objectId, given)
    tryStorage(() => localStorage.setItem(keyOf(objectId), given))
    history.replaceState(history.state, '', location.pathname + location.search)
  }
  return inMemory.get(objectId) ?? tryStorage(() => localStorage.getItem(keyOf(objectId))) ?? undefined
}

/** It opens nothing any more. A newer one, of another tab, stays. */
export function forgetToken(objectId: string, token: string): void {
  if (inMemory.get(objectId) === token) inMemory.delete(objectId)
  tryStorage(() => {
    if (localStorage.getItem(keyOf(objectId)) === token) localStorage.removeItem(keyOf(objectId))
  })
}

/** Undefined when there is no link. A newer one that is opened in the same tab takes its place. */
export function useToken(objectId: string): string | undefined {
  const [token, setToken] = useState(() => takeToken(objectId))
  useEffect(() => {
    const take = () => setToken(takeToken(objectId))
    addEventListener('hashchange', take)
    return () => removeEventListener('hashchange', take)
  }, [objectId])
  return token
}

function tryStorage<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    // Storage is forbidden or full: the token is kept as long as this tab.
    return undefined
  }
}
