/**
 * What the connection is doing. `catching-up`: connected, and told what was missed. `live`: everything up to now was handed over.
 * `waiting`: between two tries. `ended`: for good.
 */
export type Phase = 'connecting' | 'catching-up' | 'live' | 'waiting' | 'ended'

/** A new object with each change. */
export interface StreamState {
  phase: Phase
  /** The browser says that there is no network. It may be wrong: the tries go on. */
  offline: boolean
  /** When it became live; while it is not, when it ceased to be, or began. Milliseconds since 1970. */
  since: number
  /** When the next try is due, while waiting. Milliseconds since 1970. */
  retryAt?: number
  /**
   * Why it ended. `session`: the token is not valid, or not any more. `forbidden`: it may not have this. `client`: we have sent what
   * the server does not take, or there is no usable cursor; the console has more. Missing after `close()`.
   */
  reason?: 'session' | 'forbidden' | 'client'
}

/** Keeps the cursor, best in the same place as what was made of the events. */
export interface CursorStore {
  /** Undefined when there is none yet. Asked once. An error ends the stream. */
  load(): number | undefined | Promise<number | undefined>
  /** Everything up to here was dealt with. The next event waits for it. An error is reported, and the next cursor is saved all the same. */
  save(cursor: number): void | Promise<void>
}

/** There may be a hole: reload what is shown. */
export interface Reset {
  /** The cursor from here on. */
  position: number
  /** `cursor_too_old` or `cursor_ahead`. */
  reason: string
}

/** Something that we have sent could not be used: see docs/errors.md for the codes. */
export interface StreamProblem {
  code: string
  detail: string
}

/** What a stream and an inbox have in common. */
export interface FollowOptions {
  /** Where Belfry is: `https://belfry.example`, in its own pages `location.origin`. */
  url: string
  /** The position to go on after, or where that is kept. In memory without a store. */
  cursor?: number | CursorStore
  /** The cursor could not be honoured. What comes next waits until this is done. */
  onReset?(reset: Reset): void | Promise<void>
  onState?(state: StreamState): void
  onProblem?(problem: StreamProblem): void
}

/** A frame of the server. */
export type Frame = Readonly<Record<string, unknown>>
