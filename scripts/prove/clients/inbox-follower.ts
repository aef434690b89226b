import path from 'node:path'
import type { Random } from '../random.ts'
import { FrameRecorder, fingerprintOfInbox } from '../record/frames.ts'
import { call } from '../world/http.ts'
import { sinceStart, type World } from '../world/world.ts'
import { Connection, type Habits } from './connection.ts'

export interface InboxFollowerOptions {
  world: World
  name: string
  /** The object, and the token that its inbox is opened with: its own, or that of a dispatcher. */
  thing: { id: number; token: string }
  habits: Habits
  cursor: number | undefined
  random: Random
  /** Whether it says what it has read and acknowledges. */
  answers: boolean
  onFinding: (finding: string) => void
}

const repeatsAfterMs = 3000
type Action = 'read' | 'acknowledge'

/** A device of an object: follows its inbox, reads some alerts and acknowledges some. */
export class InboxFollower {
  readonly connection: Connection
  readonly objectId: number
  readonly #options: InboxFollowerOptions
  readonly #recorder: FrameRecorder
  /** What it said and was not confirmed, by alert. */
  readonly #unconfirmed = new Map<number, { action: Action; at: number }>()

  constructor(options: InboxFollowerOptions) {
    const { world, name, thing, habits, cursor, random, onFinding } = options
    this.#options = options
    this.objectId = thing.id
    const now = () => sinceStart(world)
    this.#recorder = new FrameRecorder(path.join(world.directory, name), now)
    this.connection = new Connection({
      ports: world.pushPorts,
      path: `/inbox/${thing.id}`,
      token: thing.token,
      habits,
      random,
      recorder: this.#recorder,
      now,
      cursor,
      onFrame: (frame) => this.#take(frame),
      onFinding: (finding) => onFinding(`${name}: ${finding}`),
    })
  }

  get waitsForReceipts(): boolean {
    return this.#unconfirmed.size > 0
  }

  /** Says again what was not confirmed. */
  repeat(): void {
    for (const [alert, { action, at }] of this.#unconfirmed)
      if (Date.now() - at > repeatsAfterMs) this.#say(alert, action)
  }

  async stop(): Promise<void> {
    await this.connection.stop()
    this.#recorder.close()
  }

  // biome-ignore lint/suspicious/noExplicitAny: any frame of an inbox
  #take(frame: any): void {
    const { onFinding, name, answers, random } = this.#options
    if (frame.type === undefined) {
      this.#recorder.add('event', frame.position, fingerprintOfInbox(frame))
      if (answers && random.chance(0.4)) this.#answer(frame.id, random.chance(0.5) ? 'read' : 'acknowledge')
    } else if (frame.type === 'receipt') {
      this.#recorder.add('event', frame.position, fingerprintOfInbox(frame))
      const waiting = this.#unconfirmed.get(frame.alert_id)
      if (waiting && (waiting.action === 'read' || frame.acknowledged_at)) this.#unconfirmed.delete(frame.alert_id)
    } else if (frame.type === 'error' && frame.code !== 'unavailable' && frame.code !== 'busy')
      onFinding(`${name}: ${JSON.stringify(frame)}`)
  }

  #answer(alert: number, action: Action): void {
    if (this.#options.random.chance(0.8)) this.#say(alert, action)
    else void this.#put(alert, action)
  }

  #say(alert: number, action: Action): void {
    this.#note(alert, action)
    this.connection.send({ type: action, alert_id: alert })
  }

  async #put(alert: number, action: Action): Promise<void> {
    const { world, random, thing, onFinding } = this.#options
    this.#note(alert, action)
    const path = `/api/v1/objects/${thing.id}/inbox/${alert}/${action === 'read' ? 'read' : 'acknowledged'}`
    const answer = await call(random.pick(world.apiPorts), { method: 'PUT', path, token: thing.token }).catch(
      () => undefined,
    )
    if (answer?.status === 200) this.#unconfirmed.delete(alert)
    else if (answer && answer.status !== 503) onFinding(`PUT ${path}: ${answer.status}`)
  }

  #note(alert: number, action: Action): void {
    this.#recorder.add('said', alert, action === 'read' ? 0 : 1)
    this.#unconfirmed.set(alert, { action, at: Date.now() })
  }
}
