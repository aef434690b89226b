import { Refused, Unreachable } from '../../api/problem.ts'
import type { Import } from '../../api/views.ts'
import { newKey } from '../../shared/request-key.ts'
import type { BadLine, Row } from './read-csv.ts'

/** Sends some rows. The same `key` again has the same answer, and no second effect. */
export type Send = (rows: Row[], key: string) => Promise<Import>

export interface Progress {
  /** `waiting`: it goes on by itself. `stopped` and `failed`: when it is started again. */
  state: 'running' | 'waiting' | 'stopped' | 'failed' | 'done'
  /** Rows that were answered. */
  done: number
  total: number
  created: number
  duplicates: number
  bad: BadLine[]
  /** Why it waits or has failed. */
  error?: unknown
}

/** Small enough to be answered within a moment, and far below the API's 1000 rows and 1 MiB. */
const most = { rows: 500, characters: 100_000 }
const patience = { firstMs: 1000, longestMs: 15_000 }

interface Batch {
  rows: Row[]
  key: string
}

/** Sends all rows, in their order, batch by batch. What was answered is never sent again, what was not with the same key. */
export class Importer {
  readonly #batches: Batch[]
  readonly #send: Send
  readonly #onChange: (progress: Progress) => void
  readonly #wait: (ms: number) => Promise<void>
  #progress: Progress
  #next = 0
  #wakeUp = () => {}
  #loop: Promise<void> | undefined

  constructor(
    rows: Row[],
    options: { send: Send; onChange: (progress: Progress) => void; wait?: (ms: number) => Promise<void> },
  ) {
    this.#batches = inBatches(rows)
    this.#send = options.send
    this.#onChange = options.onChange
    this.#wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
    this.#progress = { state: 'stopped', done: 0, total: rows.length, created: 0, duplicates: 0, bad: [] }
  }

  /** Begins, or goes on. Resolves when it is done, has failed or was stopped. */
  start(): Promise<void> {
    this.#change({ state: 'running', error: undefined })
    // After a stop, what was on its way then may be so still.
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined
    })
    return this.#loop
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#next < this.#batches.length; ) {
      try {
        const batch = this.#batches[this.#next]!
        this.#take(batch, await this.#send(batch.rows, batch.key))
        failures = 0
      } catch (error) {
        if (!passes(error)) return this.#change({ state: 'failed', error })
        if (this.#isStopped()) return
        this.#change({ state: 'waiting', error })
        await Promise.race([this.#wait(delay(error, failures++)), new Promise<void>((wake) => (this.#wakeUp = wake))])
      }
      if (this.#isStopped()) return
      this.#change({ state: 'running', error: undefined })
    }
    this.#change({ state: 'done' })
  }

  /** What is on its way still counts when its answer comes. */
  stop(): void {
    this.#change({ state: 'stopped', error: undefined })
    this.#wakeUp()
  }

  #take({ rows }: Batch, { created, duplicates, bad }: Import): void {
    const now = this.#progress
    this.#next++
    this.#change({
      done: now.done + rows.length,
      created: now.created + created,
      duplicates: now.duplicates + duplicates,
      bad: [...now.bad, ...bad.map(({ index, problem }) => ({ line: rows[index]!.line, problem }))],
    })
  }

  #isStopped(): boolean {
    return this.#progress.state === 'stopped'
  }

  #change(change: Partial<Progress>): void {
    this.#progress = { ...this.#progress, ...change }
    this.#onChange(this.#progress)
  }
}

function inBatches(rows: Row[]): Batch[] {
  const batches: Batch[] = []
  let characters = 0
  for (const row of rows) {
    const length = row.email.length + row.phone_number.length
    const last = batches.at(-1)
    if (last && last.rows.length < most.rows && characters + length <= most.characters) last.rows.push(row)
    else {
      batches.push({ rows: [row], key: newKey() })
      characters = 0
    }
    characters += length
  }
  return batches
}

/** Whether the same will be taken later: the server is busy, away, or asks for time. */
const passes = (error: unknown) =>
  error instanceof Unreachable ||
  (error instanceof Refused &&
    (error.status === 429 || error.status === 503 || error.code === 'idempotency_key_running'))

function delay(error: unknown, failures: number): number {
  const asked = error instanceof Refused ? (error.retryAfter ?? 0) * 1000 : 0
  return Math.max(asked, Math.min(patience.longestMs, patience.firstMs * 2 ** failures))
}
