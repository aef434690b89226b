import type { Findings } from '../system/findings.ts'
import type { LogRow } from './log-row.ts'
import type { Recording, Visit } from './recording.ts'

interface Frame {
  fingerprint: number
  /** Milliseconds since the start. */
  at: number
}

/** Walks along a recording while the log is walked: which connection a position fell into, and whether its frame came. */
export class Walk {
  readonly name: string
  readonly #recording: Recording
  readonly #findings: Findings
  #visit = 0
  #frame = 0

  constructor(name: string, recording: Recording, findings: Findings) {
    this.name = name
    this.#recording = recording
    this.#findings = findings
  }

  /** The connection that had to bring this position; undefined when there was none. Positions ascend. */
  visitAt(position: number): Visit | undefined {
    const { visits } = this.#recording
    while (this.#visit < visits.length && visits[this.#visit]!.to < position) this.#visit++
    const visit = visits[this.#visit]
    return visit && visit.from < position ? visit : undefined
  }

  /** The frame of this position, if it came. Those passed over are of events that it cannot have been meant to see. */
  frameAt(position: number): Frame | undefined {
    const { positions, fingerprints, times } = this.#recording.frames
    while (this.#frame < positions.length && positions.get(this.#frame) < position) this.#strange()
    if (this.#frame === positions.length || positions.get(this.#frame) !== position) return undefined
    const frame = { fingerprint: fingerprints.get(this.#frame), at: times.get(this.#frame) }
    this.#frame++
    return frame
  }

  /** The log has ended. */
  finish(): void {
    while (this.#frame < this.#recording.frames.length) this.#strange()
  }

  check(frame: Frame, row: LogRow, fingerprint: number): void {
    if (frame.fingerprint !== fingerprint)
      this.#findings.add('changed', `${this.name}: position ${row.position} (${row.event}) is not what the log has`)
  }

  report(kind: 'lost' | 'not entitled', row: LogRow): void {
    this.#findings.add(kind, `${this.name}: position ${row.position}, ${row.event} of ${row.scope}`)
  }

  #strange(): void {
    const position = this.#recording.frames.positions.get(this.#frame++)
    this.#findings.add('not entitled', `${this.name}: position ${position}, which is not of any of its scopes`)
  }
}
