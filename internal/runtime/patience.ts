import { setTimeout as delay } from 'node:timers/promises'

const betweenMs = 1000

export interface PatienceOptions {
  timeoutMs: number
  /** Told what is in the way, whenever that changes. */
  onWait: (error: unknown) => void
}

/**
 * Tries, a second apart, until it succeeds: for what may have been started at the same time and not be there yet.
 * @throws what was in the way last, when the time is over
 */
export async function patiently<T>(attempt: () => Promise<T>, { timeoutMs, onWait }: PatienceOptions): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (let last = ''; ; await delay(betweenMs))
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() >= deadline) throw error
      const { message } = error as Error
      if (message !== last) onWait(error)
      last = message
    }
}
