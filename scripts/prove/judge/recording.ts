import { type FrameRow, kinds, noCursor } from '../record/frames.ts'
import type { Findings } from '../system/findings.ts'
import { Column } from './column.ts'

/** One connection that was opened: it got what it may see of the positions after `from` and up to `to`. */
export interface Visit {
  from: number
  to: number
  /** Milliseconds since the start: it was let in between these two. */
  connectedAt: number
  openedAt: number
}

/** What came, frame by frame: columns of the same length. Millions of objects would not do. */
export class Frames {
  readonly positions = new Column()
  readonly fingerprints = new Column()
  /** Milliseconds since the start. */
  readonly times = new Column()

  get length(): number {
    return this.positions.length
  }

  add(position: number, fingerprint: number, at: number): void {
    this.positions.push(position)
    this.fingerprints.push(fingerprint)
    this.times.push(at)
  }
}

export interface Said {
  /** Conversation and seq, or alert and 0 (read) or 1 (acknowledged). */
  a: number
  b: number
  at: number
}

/** What one client got over all of its connections. */
export interface Recording {
  frames: Frames
  visits: Visit[]
  said: Said[]
}

/**
 * Makes sense of what a client wrote down. Frames that do not come behind the cursor are reported here.
 * @param name of the client, for the findings
 */
export function loadRecording(name: string, rows: Iterable<FrameRow>, findings: Findings): Recording {
  const recording: Recording = { frames: new Frames(), visits: [], said: [] }
  let [cursor, connectedAt] = [0, 0]
  let visit: Visit | undefined
  for (const { kind, a, b, at } of rows) {
    if (kind === kinds.connect) {
      cursor = a
      connectedAt = at
    } else if (kind === kinds.opened) {
      visit = { from: cursor, to: cursor, connectedAt, openedAt: at }
      recording.visits.push(visit)
    } else if (kind === kinds.hello && visit && cursor === noCursor) {
      cursor = a
      visit.from = a
      visit.to = a
    } else if (kind === kinds.said) recording.said.push({ a, b, at })
    else if (kind === kinds.event || kind === kinds.live) {
      const isAhead = kind === kinds.live ? a >= cursor : a > cursor
      if (!visit || !isAhead) {
        findings.add(a === cursor ? 'repeated' : 'out of order', `${name}: position ${a} behind ${cursor}`)
        continue
      }
      cursor = a
      visit.to = a
      if (kind === kinds.event) recording.frames.add(a, b, at)
    }
  }
  return recording
}
