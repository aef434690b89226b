import { RowWriter, readRows } from './file.ts'

/** What became of a write: answered with 2xx, or without an answer and not repeated. */
export const fates = { acknowledged: 1, unknown: 2 } as const

export interface Write {
  room: number
  account: number
  fate: number
  /** Whether it was repeated under its Idempotency-Key until it was answered. */
  seq: number
  id: number
  /** Milliseconds since the start. */
  sentAt: number
  answeredAt: number
}

const width = 7

/** The messages of one writer in the order in which it wrote them: number n is row n. */
export class WriteRecorder {
  readonly #rows: RowWriter

  constructor(path: string) {
    this.#rows = new RowWriter(path, width)
  }

  add({ room, account, fate, seq, id, sentAt, answeredAt }: Write): void {
    this.#rows.add(room, account, fate, seq, id, sentAt, answeredAt)
  }

  close(): void {
    this.#rows.close()
  }
}

export class Writes {
  readonly #rows: Uint32Array
  readonly count: number

  constructor(rows: Uint32Array) {
    this.#rows = rows
    this.count = rows.length / width
  }

  static read(path: string): Writes {
    return new Writes(readRows(path))
  }

  static of(writes: readonly Write[]): Writes {
    return new Writes(
      Uint32Array.from(writes.flatMap((w) => [w.room, w.account, w.fate, w.seq, w.id, w.sentAt, w.answeredAt])),
    )
  }

  /** @param n 0 to `count` - 1 */
  get(n: number): Write {
    const [room, account, fate, seq, id, sentAt, answeredAt] = this.#rows.subarray(n * width, (n + 1) * width)
    return { room: room!, account: account!, fate: fate!, seq: seq!, id: id!, sentAt: sentAt!, answeredAt: answeredAt! }
  }
}

/** The text of message `n` of a writer: says which it is and when it was sent first, and has some length. */
export function bodyOf(writer: number, n: number, sentAt: number): string {
  return `${writer} ${n} ${sentAt} ${'x'.repeat((writer * 31 + n * 17) % 120)}`
}

/** Writer, number and time of sending in such a text. */
export function parseBody(body: string): { writer: number; n: number; sentAt: number } {
  const [writer, n, sentAt] = body.split(' ', 3).map(Number)
  return { writer: writer!, n: n!, sentAt: sentAt! }
}
