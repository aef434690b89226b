import { setTimeout as delay } from 'node:timers/promises'

export interface WaitForOptions {
  timeoutMs?: number
  /** What is waited for, for the error. */
  what: string
}

type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>

/** Polls every 5 ms until the condition gives something true; resolves with that. An error of the condition ends the wait. */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitForOptions): Promise<Truthy<T>> {
  const { timeoutMs = 10_000, what } = options
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await condition()
    if (value) return value as Truthy<T>
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`)
    await delay(5)
  }
}
