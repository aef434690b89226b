import path from 'node:path'
import type { Random } from '../random.ts'
import { appendLine } from '../record/alerts.ts'
import { Caller } from '../world/caller.ts'
import { letIn, type Room, type Step, sinceStart, type World } from '../world/world.ts'
import type { Tally } from './tally.ts'

/*
 * An attempt without an answer may still take effect when a paused process goes on. Until it must have, the pair is left where that
 * attempt wanted it.
 */
const settlesAfterMs = 60_000

/** Lets accounts join and leave topics, by themselves and by the owner. */
export class Churner {
  readonly #world: World
  readonly #random: Random
  readonly #tally: Tally
  readonly #caller: Caller
  readonly #pairs: { account: number; room: Room; isIn: boolean; notBefore: number; busy: boolean }[]

  constructor(world: World, random: Random, tally: Tally) {
    this.#world = world
    this.#random = random
    this.#tally = tally
    this.#caller = new Caller(world)
    this.#pairs = world.rooms.flatMap((room) =>
      room.churners.map((account) => ({ account, room, isIn: false, notBefore: 0, busy: false })),
    )
  }

  /** Lets one account join, or leave, one topic. */
  async step(): Promise<void> {
    const now = sinceStart(this.#world)
    const free = this.#pairs.filter(({ busy, notBefore }) => !busy && notBefore <= now)
    if (free.length === 0) return
    const pair = this.#random.pick(free)
    pair.busy = true
    const sentAt = sinceStart(this.#world)
    const repeated = await (pair.isIn ? this.#takeOut(pair) : this.#letIn(pair))
    const answeredAt = sinceStart(this.#world)
    pair.isIn = !pair.isIn
    if (repeated) pair.notBefore = answeredAt + settlesAfterMs
    pair.busy = false
    this.#tally.count('joined or left')
    const { account, room } = pair
    const step: Step = { account, room: room.id, kind: pair.isIn ? 'joined' : 'left', sentAt, answeredAt }
    appendLine(path.join(this.#world.directory, 'steps'), step)
  }

  /** Whether an attempt had no answer. */
  async #letIn({ account, room }: { account: number; room: Room }): Promise<boolean> {
    if (room.isPublic) {
      const path = `/api/v1/topics/${room.id}/members/me`
      const { status, repeated } = await this.#caller.answer({ method: 'PUT', path, token: this.#token(account) })
      if (status !== 204) this.#tally.unexpected(`PUT ${path}: ${status}`)
      return repeated
    }
    // Both requests have an Idempotency-Key: however often they are sent, they happen once.
    await letIn(this.#world, this.#caller, room, account)
    return false
  }

  async #takeOut({ account, room }: { account: number; room: Room }): Promise<boolean> {
    const byOwner = this.#random.chance(0.4)
    const path = `/api/v1/topics/${room.id}/members/${byOwner ? this.#world.people[account]!.name : 'me'}`
    const token = this.#token(byOwner ? room.owner : account)
    const { status, repeated } = await this.#caller.answer({ method: 'DELETE', path, token })
    // An attempt that had no answer may have done it: then there is nobody to take out.
    if (status !== 204 && !(status === 404 && repeated)) this.#tally.unexpected(`DELETE ${path}: ${status}`)
    return repeated
  }

  #token(account: number): string {
    return this.#world.people[account]!.token
  }
}
