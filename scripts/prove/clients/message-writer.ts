import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '../random.ts'
import type { Timings } from '../record/timings.ts'
import { bodyOf, fates, type Write, WriteRecorder } from '../record/writes.ts'
import { type Answer, call, isOutage, wasRefused } from '../world/http.ts'
import { type Room, sinceStart, type World } from '../world/world.ts'
import type { Pace } from './pace.ts'
import type { Tally } from './tally.ts'

export interface WriterOptions {
  world: World
  index: number
  random: Random
  tally: Tally
  timings: Timings
}

// The others are not repeated when they get no answer.
const keyed = 0.3

/** Writes numbered messages, one after the other. One with an Idempotency-Key is repeated until it is answered. */
export class MessageWriter {
  readonly #options: WriterOptions
  readonly #recorder: WriteRecorder
  #n = 0

  constructor(options: WriterOptions) {
    this.#options = options
    this.#recorder = new WriteRecorder(path.join(options.world.directory, `writes-${options.index}`))
  }

  async run(pace: Pace): Promise<void> {
    const { world, random } = this.#options
    while (await pace.next()) {
      const room = random.pick(world.rooms)
      if (!(await this.write(random.pick(room.stable), room, random.chance(keyed)))) pace.again()
    }
  }

  close(): void {
    this.#recorder.close()
  }

  /** Whether it was acknowledged. */
  async write(account: number, room: Room, withKey: boolean): Promise<boolean> {
    const { world, index, tally, timings } = this.#options
    const n = this.#n++
    const sentAt = sinceStart(world)
    const request = {
      method: 'POST',
      path: `/api/v1/conversations/${room.id}/messages`,
      token: world.people[account]!.token,
      key: withKey ? `m-${index}-${n}` : undefined,
      body: { body: bodyOf(index, n, sentAt) },
    }
    const answer = await this.#send(request, withKey)
    const answeredAt = sinceStart(world)
    const fate = answer ? fates.acknowledged : fates.unknown
    const write: Write = { room: room.id, account, fate, seq: 0, id: 0, sentAt, answeredAt }
    if (answer) {
      write.seq = answer.body.seq
      write.id = answer.body.id
      timings.add(answeredAt, answeredAt - sentAt)
      tally.count('acknowledged')
    } else tally.count('unknown')
    this.#recorder.add(write)
    return answer !== undefined
  }

  /** The 2xx, or undefined when it has none and is given up. */
  async #send(request: Parameters<typeof call>[1], withKey: boolean): Promise<Answer | undefined> {
    const { world, random, tally } = this.#options
    // To the other process when one does not answer, as a load balancer would.
    for (let turn = Math.floor(random.next() * 2); ; turn++) {
      const answer = await call(world.apiPorts[turn % world.apiPorts.length]!, request).catch((error: Error) => error)
      tally.answer(answer)
      if (!(answer instanceof Error)) {
        if (answer.status === 201) return answer
        if (!isOutage(answer)) tally.unexpected(`POST ${request.path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      }
      await delay(50 + Math.random() * 200)
      if (!withKey && !(answer instanceof Error && wasRefused(answer))) return undefined
    }
  }
}
