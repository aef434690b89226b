const baseMs = 500
const longestMs = 20_000
// A page that nobody looks at is in less of a hurry: it comes back at once when somebody does. But alerts may call from it.
const longestHiddenMs = 30_000
const longestHintMs = 60_000

export interface DelayOptions {
  /** Tries that failed since it was last live. */
  failures: number
  /** What the server has asked for, in milliseconds. */
  hintMs: number
  hidden: boolean
  random?: () => number
}

/** Milliseconds to the next try: anything up to a time that doubles with each failure, after what the server has asked for. */
export function delayMs({ failures, hintMs, hidden, random = Math.random }: DelayOptions): number {
  const ceiling = Math.min(hidden ? longestHiddenMs : longestMs, baseMs * 2 ** Math.min(failures, 30))
  return hintMs + random() * ceiling
}

/** How long a server that restarts asks us to stay away: `{"reconnect_after_ms":n}` as the reason of a close. 0 if it does not say. */
export function hintMs(reason: string): number {
  try {
    const ms = Number((JSON.parse(reason) as { reconnect_after_ms?: unknown } | null)?.reconnect_after_ms)
    return ms > 0 ? Math.min(ms, longestHintMs) : 0
  } catch {
    return 0
  }
}
