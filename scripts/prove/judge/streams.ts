import { fingerprintOfEvent } from '../record/frames.ts'
import type { Person } from '../world/world.ts'
import { idOf, type LogRow } from './log-row.ts'
import type { Memberships } from './memberships.ts'
import type { Visit } from './recording.ts'
import type { Walk } from './walk.ts'

export interface StreamJudgeOptions {
  walk: Walk
  account: number
  people: readonly Person[]
  memberships: Memberships
  /** A message came to the account. */
  onMessage: (row: LogRow, at: number) => void
}

/**
 * Holds what one client of an account got against the log, by the promise of docs/stream.md and not by the code that keeps it: events
 * of a conversation between its joined and its left; and of what the account was in before it connected but not then, `left` alone.
 */
export class StreamJudge {
  readonly #options: StreamJudgeOptions
  readonly #scope: string
  /** How many steps the account had made in each conversation when it was let in, as far as what came tells; of one connection. */
  #possible = new Map<number, number[]>()
  #visit: Visit | undefined

  constructor(options: StreamJudgeOptions) {
    this.#options = options
    this.#scope = `account:${options.people[options.account]!.id}`
  }

  /** To be called for each event that the account may have seen at any time, after the memberships have taken it. */
  take(row: LogRow): void {
    const { walk, onMessage } = this.#options
    const visit = walk.visitAt(row.position)
    const frame = walk.frameAt(row.position)
    if (!visit) {
      if (frame) walk.report('not entitled', row)
      return
    }
    if (visit !== this.#visit) this.#possible = new Map()
    this.#visit = visit
    if (!this.#explains(row, visit, frame !== undefined)) walk.report(frame ? 'not entitled' : 'lost', row)
    if (!frame) return
    walk.check(frame, row, fingerprintOfEvent(row))
    if (row.event === 'message.posted') onMessage(row, frame.at)
  }

  finish(): void {
    this.#options.walk.finish()
  }

  /** Whether that it came, or did not, is as it must be. */
  #explains(row: LogRow, visit: Visit, came: boolean): boolean {
    const room = roomOf(row)
    if (room === undefined) return came === this.#isAlwaysSeen(row)
    const { memberships, account } = this.#options
    const steps = memberships.steps(account, room)
    const possible = this.#possible.get(room) ?? this.#stepsAt(visit, room)
    const left = possible.filter((known) => came === (isIn(steps) && (isIn(known) || steps > known)))
    // What contradicts everything is reported, and says nothing of the rest.
    if (left.length > 0) this.#possible.set(room, left)
    return left.length > 0
  }

  #isAlwaysSeen({ scope }: LogRow): boolean {
    const { people, account } = this.#options
    if (scope === 'alerts') return people[account]!.role !== 'member'
    return scope === 'topics' || scope === this.#scope
  }

  /** Steps that may have been made when the connection was let in: one number, but for those under way at that moment. */
  #stepsAt({ connectedAt, openedAt }: Visit, room: number): number[] {
    const { memberships, account } = this.#options
    const { least, most } = memberships.stepsBetween(account, room, connectedAt, openedAt)
    return Array.from({ length: most - least + 1 }, (_, i) => least + i)
  }
}

const isIn = (steps: number): boolean => steps % 2 === 1

/** The conversation that decides whether the event is seen. */
function roomOf({ event, scope, data }: LogRow): number | undefined {
  if (scope.startsWith('conversation:')) return idOf(scope)
  return event === 'conversation.joined' ? data.conversation.id : undefined
}
