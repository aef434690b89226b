import { fingerprintOfInbox } from '../record/frames.ts'
import type { Thing } from '../world/world.ts'
import { type AlertJudge, entitlement } from './alerts.ts'
import type { LogRow } from './log-row.ts'
import type { Said } from './recording.ts'
import type { Walk } from './walk.ts'

export interface InboxJudgeOptions {
  walk: Walk
  thing: Thing
  /** Whether the client was the object's own: what it got and said counts. */
  own: boolean
  said: readonly Said[]
  alerts: AlertJudge
}

/** Holds what one client of an inbox got against the log. */
export class InboxJudge {
  readonly #options: InboxJudgeOptions

  constructor(options: InboxJudgeOptions) {
    this.#options = options
  }

  /** To be called for each event of the object and each to all objects, after the alerts have taken it. */
  take(row: LogRow): void {
    const { walk, own, alerts, thing } = this.#options
    const visit = walk.visitAt(row.position)
    const frame = walk.frameAt(row.position)
    const alert = alerts.byId.get(row.data.id ?? row.data.alert_id)
    const entitled = alert ? entitlement(alert, thing) : 'no'
    if (frame && (!visit || entitled === 'no')) return void walk.report('not entitled', row)
    if (!frame && visit && entitled === 'yes') return void walk.report('lost', row)
    if (!frame || !alert) return
    walk.check(frame, row, fingerprintOfInbox(row.data))
    if (own && row.event === 'alert.raised') note(alert.received, thing.id, frame.at)
  }

  /** What the object said; to be called when the log has been walked. */
  finish(): void {
    const { walk, own, alerts, thing, said } = this.#options
    walk.finish()
    for (const { a, b, at } of own ? said : []) {
      const alert = alerts.byId.get(a)
      if (!alert) continue
      note(alert.read, thing.id, at)
      if (b === 1) note(alert.acknowledged, thing.id, at)
    }
  }
}

function note(times: Map<number, number>, object: number, at: number): void {
  times.set(object, Math.min(at, times.get(object) ?? at))
}
