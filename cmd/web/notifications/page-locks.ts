/** Longer than one page of a browser lags behind another. */
const claimMs = 60_000

/** Holds a lock that any number of this browser's pages may hold. Returns what lets go of it, as closing the page does. */
export function holdLock(name: string): () => void {
  let letGo!: () => void
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  void navigator.locks.request(name, { mode: 'shared' }, () => held)
  return letGo
}

/** Whether any page holds it. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.some((lock) => lock.name === name)
}

/** Whether no other page of this browser has asked for it before. */
export function isFirst(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock && new Promise((done) => setTimeout(done, claimMs))
    })
  })
}
