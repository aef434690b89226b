import { crc32 } from 'node:zlib'
import { RowWriter, readRows } from './file.ts'

/** What happened to one client, in order. The numbers of each are beside it. */
export const kinds = {
  /** It tries to connect: its cursor, or `noCursor`. */
  connect: 1,
  opened: 2,
  /** Position of the log. */
  hello: 3,
  /** Position and fingerprint. */
  event: 4,
  /** Position. */
  live: 5,
  reset: 6,
  closed: 7,
  /** It says that it has read: the conversation and the seq. In an inbox: the alert, and 0 for read or 1 for acknowledged. */
  said: 8,
} as const

export const noCursor = 0xffff_ffff
const width = 4

export class FrameRecorder {
  readonly #rows: RowWriter
  readonly #now: () => number

  /** @param now milliseconds since the start */
  constructor(path: string, now: () => number) {
    this.#rows = new RowWriter(path, width)
    this.#now = now
  }

  add(kind: keyof typeof kinds, a = 0, b = 0): void {
    this.#rows.add(kinds[kind], a, b, this.#now())
  }

  close(): void {
    this.#rows.close()
  }
}

export interface FrameRow {
  kind: number
  a: number
  b: number
  at: number
}

export function* readFrames(path: string): Generator<FrameRow> {
  const rows = readRows(path)
  for (let i = 0; i < rows.length; i += width)
    yield { kind: rows[i]!, a: rows[i + 1]!, b: rows[i + 2]!, at: rows[i + 3]! }
}

/** The same for the same content, however its JSON was written. */
export const fingerprint = (...parts: unknown[]): number => crc32(JSON.stringify(parts))

interface StreamEvent {
  scope: string
  event: string
  at: string
  data: unknown
}

export const fingerprintOfEvent = ({ scope, event, at, data }: StreamEvent): number =>
  fingerprint(scope, event, at, data)

// biome-ignore lint/suspicious/noExplicitAny: a frame, or the data of the event that it shows
export function fingerprintOfInbox(frame: any): number {
  if (frame.alert_id === undefined) return fingerprint(frame.id, frame.text, frame.severity, frame.created_at)
  return fingerprint(frame.alert_id, frame.delivered_at, frame.read_at, frame.acknowledged_at)
}
