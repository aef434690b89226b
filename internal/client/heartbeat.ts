const silenceMs = 25_000
/** How long an answer may take. */
export const answerMs = 10_000
/** How long an answer may take when there is reason to doubt the connection. */
export const doubtMs = 3_000
// So much silence, though there is a timer, means that the machine or the page was asleep.
const sleptMs = 45_000
// A timer that is later than this proves nothing: the answer may be there and not have been handed to us yet.
const lateMs = 2_000

/** What is known of an open connection. Times in milliseconds since 1970. */
export interface Pulse {
  heardAt: number
  /** A ping that has no answer yet. */
  asked?: { at: number; limitMs: number } | undefined
}

export type Beat = { do: 'wait'; ms: number } | { do: 'ask'; limitMs: number } | { do: 'give up' }

/**
 * What to do about a connection now. WebSocket pings are invisible to a page, so it sends frames of its own: after a silence, or when
 * the clock has jumped. One that does not answer in time is dead. After `ms` this has to be asked again, though sleep may make it later.
 */
export function beat({ heardAt, asked }: Pulse, now: number): Beat {
  if (!asked) {
    const silence = now - heardAt
    if (silence < 0 || silence >= sleptMs) return { do: 'ask', limitMs: doubtMs }
    return silence < silenceMs ? { do: 'wait', ms: silenceMs - silence } : { do: 'ask', limitMs: answerMs }
  }
  const left = asked.at + asked.limitMs - now
  if (left > asked.limitMs || left < -lateMs) return { do: 'ask', limitMs: doubtMs }
  return left > 0 ? { do: 'wait', ms: left } : { do: 'give up' }
}

/** Whether an answer is due by then anyway. */
export function isDueWithin({ asked }: Pulse, limitMs: number, now: number): boolean {
  return asked !== undefined && asked.at + asked.limitMs <= now + limitMs
}
