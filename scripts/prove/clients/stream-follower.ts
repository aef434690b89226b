import path from 'node:path'
import type { Random } from '../random.ts'
import { FrameRecorder, fingerprintOfEvent } from '../record/frames.ts'
import type { Timings } from '../record/timings.ts'
import { parseBody } from '../record/writes.ts'
import { call } from '../world/http.ts'
import { sinceStart, type World } from '../world/world.ts'
import { Connection, type Habits } from './connection.ts'

export interface StreamFollowerOptions {
  world: World
  name: string
  account: number
  habits: Habits
  cursor: number | undefined
  random: Random
  /** Whether it says what it has read. */
  reads: boolean
  /** How old messages are when they come to a client that waits for them. */
  timings: Timings
  onFinding: (finding: string) => void
}

const repeatsAfterMs = 3000

/** A device of an account: follows its stream and says what it has read. */
export class StreamFollower {
  readonly connection: Connection
  readonly #options: StreamFollowerOptions
  readonly #recorder: FrameRecorder
  /** The newest seq that it has, of the conversations that it reads. */
  readonly #newest = new Map<number, number>()
  /** Up to where it said that it has read. */
  readonly #said = new Map<number, number>()
  /** What of that was not confirmed. */
  readonly #unconfirmed = new Map<number, { seq: number; at: number }>()

  constructor(options: StreamFollowerOptions) {
    const { world, name, account, habits, cursor, random, onFinding } = options
    this.#options = options
    const now = () => sinceStart(world)
    this.#recorder = new FrameRecorder(path.join(world.directory, name), now)
    for (const room of world.rooms) if (options.reads && room.stable.includes(account)) this.#newest.set(room.id, 0)
    this.connection = new Connection({
      ports: world.pushPorts,
      path: '/api/v1/stream',
      token: world.people[account]!.token,
      habits,
      random,
      recorder: this.#recorder,
      now,
      cursor,
      onFrame: (frame) => this.#take(frame),
      onFinding: (finding) => onFinding(`${name}: ${finding}`),
    })
  }

  /** Says of one conversation, or of all, that everything that came was read; repeats what was not confirmed. */
  read(all = false): void {
    const { random } = this.#options
    for (const [room, { seq, at }] of this.#unconfirmed) if (Date.now() - at > repeatsAfterMs) this.#say(room, seq)
    const rooms = [...this.#newest].filter(([room, seq]) => seq > (this.#said.get(room) ?? 0))
    if (rooms.length === 0) return
    for (const [room, seq] of all ? rooms : [random.pick(rooms)])
      if (all || random.chance(0.7)) this.#say(room, seq)
      else void this.#put(room, seq)
  }

  get waitsForReceipts(): boolean {
    return this.#unconfirmed.size > 0
  }

  async stop(): Promise<void> {
    await this.connection.stop()
    this.#recorder.close()
  }

  #say(room: number, seq: number): void {
    this.#note(room, seq)
    this.connection.send({ type: 'read', conversation_id: room, seq })
  }

  async #put(room: number, seq: number): Promise<void> {
    const { world, random, account, onFinding } = this.#options
    this.#note(room, seq)
    const request = { method: 'PUT', path: `/api/v1/conversations/${room}/read`, body: { seq } }
    const answer = await call(random.pick(world.apiPorts), { ...request, token: world.people[account]!.token }).catch(
      () => undefined,
    )
    // Without an answer it is repeated as a frame.
    if (answer && answer.status < 300) this.#confirm(room, seq)
    else if (answer && answer.status !== 503) onFinding(`PUT ${request.path}: ${answer.status}`)
  }

  #note(room: number, seq: number): void {
    this.#recorder.add('said', room, seq)
    this.#said.set(room, seq)
    this.#unconfirmed.set(room, { seq, at: Date.now() })
  }

  #confirm(room: number, seq: number): void {
    const waiting = this.#unconfirmed.get(room)
    if (waiting && waiting.seq <= seq) this.#unconfirmed.delete(room)
  }

  // biome-ignore lint/suspicious/noExplicitAny: any frame of the stream
  #take(frame: any): void {
    const { onFinding, name } = this.#options
    if (frame.type === 'event') {
      this.#recorder.add('event', frame.position, fingerprintOfEvent(frame))
      if (frame.event === 'message.posted') this.#onMessage(frame.data)
      if (frame.event === 'receipt.advanced') this.#onReceipt(frame.data)
    } else if (frame.type === 'error' && frame.code !== 'unavailable' && frame.code !== 'busy')
      onFinding(`${name}: ${JSON.stringify(frame)}`)
  }

  #onMessage({ conversation_id, seq, body }: { conversation_id: number; seq: number; body: string }): void {
    const { world, timings } = this.#options
    const now = sinceStart(world)
    timings.add(now, Math.max(0, now - Math.max(parseBody(body).sentAt, this.connection.wantedSince)))
    if (this.#newest.has(conversation_id)) this.#newest.set(conversation_id, seq)
  }

  #onReceipt(receipt: { conversation_id: number; username: string; kind: string; up_to_seq: number }): void {
    const { world, account } = this.#options
    if (receipt.kind === 'read' && receipt.username === world.people[account]!.name)
      this.#confirm(receipt.conversation_id, receipt.up_to_seq)
  }
}
