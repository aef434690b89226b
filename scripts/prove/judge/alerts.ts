import type { AlertWrite } from '../record/alerts.ts'
import type { Findings } from '../system/findings.ts'
import type { Thing } from '../world/world.ts'
import { idOf, type LogRow } from './log-row.ts'

/** An alert as the log has it. */
export interface KnownAlert {
  id: number
  write: AlertWrite
  /** What the event says of how many objects it is for. */
  count: number
  /** Objects whose clients have got it, with when the first of them did; milliseconds since the start. */
  received: Map<number, number>
  /** Objects that said to have read or acknowledged it, with when they first did. */
  read: Map<number, number>
  acknowledged: Map<number, number>
  /** Events to single objects. */
  events: Set<number>
  isToAll: boolean
  /** How many the log said last to have got it. */
  announced: number
}

export interface RollCallCounts {
  targeted: number
  delivered: number
  read: number
  acknowledged: number
}

/** Whether an alert is for an object: nobody but the database knows when one was made while the other was raised. */
export type Entitled = 'yes' | 'no' | 'maybe'

export function entitlement(alert: KnownAlert, thing: Thing): Entitled {
  const { to, sentAt, id, answeredAt } = alert.write
  if (to !== 'all') return to.includes(thing.id) ? 'yes' : 'no'
  if (thing.answeredAt < sentAt) return 'yes'
  // One without an answer may have happened at any time after it was sent.
  return id !== undefined && thing.sentAt > answeredAt ? 'no' : 'maybe'
}

/** Holds the log against what writers of alerts were answered. */
export class AlertJudge {
  readonly byId = new Map<number, KnownAlert>()
  readonly #writes: Map<string, AlertWrite>
  readonly #seen = new Set<string>()
  readonly #findings: Findings
  readonly #startedAt: number

  constructor(writes: readonly AlertWrite[], startedAt: number, findings: Findings) {
    this.#writes = new Map(writes.map((write) => [write.text, write]))
    this.#startedAt = startedAt
    this.#findings = findings
  }

  take({ event, scope, data, position, at }: LogRow): void {
    if (event === 'alert.receipt_advanced' && scope === 'alerts')
      this.#counted(data, position, Date.parse(at) - this.#startedAt)
    if (event !== 'alert.raised') return
    if (scope === 'alerts') return void this.#raised(data, position)
    const alert = this.byId.get(data.id)
    if (!alert || alert.write.text !== data.text)
      return void this.#findings.add('never written', `position ${position}: an alert`)
    if (scope === 'objects') {
      if (alert.write.to !== 'all' || alert.isToAll)
        this.#findings.add('repeated', `position ${position}: alert ${data.id}`)
      alert.isToAll = true
      return
    }
    const object = idOf(scope)
    if (alert.write.to === 'all' || !alert.write.to.includes(object))
      this.#findings.add('not entitled', `position ${position}: alert ${data.id} for object ${object}`)
    if (alert.events.has(object))
      this.#findings.add('repeated', `position ${position}: alert ${data.id} for object ${object}`)
    alert.events.add(object)
  }

  // biome-ignore lint/suspicious/noExplicitAny: the data of the event
  #raised(data: any, position: number): void {
    const write = this.#writes.get(data.text)
    if (!write) return void this.#findings.add('never written', `position ${position}: alert ${data.text}`)
    if (this.#seen.has(data.text))
      return void this.#findings.add('repeated', `position ${position}: alert ${data.text}`)
    this.#seen.add(data.text)
    const count = data.number_of_objects_receiving_alert
    if (write.id !== undefined && (write.id !== data.id || write.count !== count))
      this.#findings.add(
        'changed',
        `position ${position}: alert ${data.text} was answered as ${write.id} to ${write.count}`,
      )
    const [received, read, acknowledged, events] = [new Map(), new Map(), new Map(), new Set<number>()]
    this.byId.set(data.id, {
      id: data.id,
      write,
      count,
      received,
      read,
      acknowledged,
      events,
      isToAll: false,
      announced: 0,
    })
  }

  /** The counts of a roll-call never say more than what had come, and never less than before. */
  #counted({ alert_id, counts }: { alert_id: number; counts: RollCallCounts }, position: number, at: number): void {
    const alert = this.byId.get(alert_id)
    const got = [...(alert?.received.values() ?? [])].filter((time) => time <= at).length
    const what = `position ${position}: alert ${alert_id} delivered to ${counts.delivered}, ${got} had got it`
    if (!alert || counts.delivered > got || counts.read > counts.delivered || counts.acknowledged > counts.read)
      this.#findings.add('ahead of truth', what)
    else if (counts.targeted !== alert.count || counts.delivered < alert.announced) this.#findings.add('changed', what)
    else alert.announced = counts.delivered
  }

  finish(): { acknowledged: number; unknown: number } {
    const counts = { acknowledged: 0, unknown: 0 }
    for (const [text, { id }] of this.#writes) {
      if (id === undefined) counts.unknown++
      else counts.acknowledged++
      if (id !== undefined && !this.#seen.has(text)) this.#findings.add('lost', `${text}, acknowledged as ${id}`)
    }
    for (const { id, write, events, isToAll } of this.byId.values()) {
      const isWhole = write.to === 'all' ? isToAll : events.size === write.to.length
      if (!isWhole) this.#findings.add('lost', `alert ${id} has no event for some of its objects`)
    }
    return counts
  }
}
