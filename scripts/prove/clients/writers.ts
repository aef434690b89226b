import { setTimeout as delay } from 'node:timers/promises'
import { serve, tell } from '../../bench/remote.ts'
import { Random } from '../random.ts'
import { type PlainTimings, Timings } from '../record/timings.ts'
import { Caller } from '../world/caller.ts'
import { hangUp } from '../world/http.ts'
import { makeThing, type Thing, type World } from '../world/world.ts'
import { AlertWriter } from './alert-writer.ts'
import { Churner } from './churner.ts'
import { MessageWriter } from './message-writer.ts'
import { Pace } from './pace.ts'
import { Tally } from './tally.ts'
import { writersCount } from './writers-count.ts'

// The process of everybody who writes.

export interface WriteOptions {
  world: World
  messages: number
  durationMs: number
}

export interface Written {
  counts: Record<string, number>
  answers: Record<string, number>
  findings: string[]
  timings: PlainTimings
}

// Each makes some fifty events: every object gets it, reads it and acknowledges it.
const alertsPerMessage = 0.005
const fewestAlerts = 50
const youngThings = 12

const tally = new Tally()
const timings = new Timings()
let world: World
let messageWriters: MessageWriter[]
let alertWriters: AlertWriter[]

async function raiseAlerts(writer: AlertWriter, pace: Pace): Promise<void> {
  while (await pace.next()) await writer.raise()
}

/** Objects that come later: alerts from before are not for them. */
async function makeYoungThings(durationMs: number): Promise<void> {
  const caller = new Caller(world)
  for (let i = 0; i < youngThings; i++) {
    await delay(durationMs / (youngThings + 2))
    const thing = await makeThing(world, caller, `young-${i}`, true)
    world.things.push(thing)
    tell('thing', thing)
  }
}

const handlers = {
  /** Resolves when all is written. */
  async write(options: WriteOptions): Promise<void> {
    world = options.world
    const { messages, durationMs } = options
    const random = new Random(world.seed).fork('writers')
    messageWriters = Array.from(
      { length: writersCount },
      (_, index) => new MessageWriter({ world, index, random: random.fork(`message ${index}`), tally, timings }),
    )
    alertWriters = [1, 2].map(
      (account) => new AlertWriter({ world, account, random: random.fork(`alert ${account}`), tally }),
    )
    const churner = new Churner(world, random.fork('churner'), tally)
    const alertPace = new Pace(Math.max(fewestAlerts, Math.floor(messages * alertsPerMessage)), durationMs)
    let writing = true
    const churn = async () => {
      while (writing) {
        await churner.step()
        await delay(200 + Math.random() * 800)
      }
    }
    const rest = [
      ...alertWriters.map((writer) => raiseAlerts(writer, alertPace)),
      churn(),
      churn(),
      makeYoungThings(durationMs),
    ]
    const pace = new Pace(messages, durationMs)
    await Promise.all(messageWriters.map((writer) => writer.run(pace)))
    writing = false
    await Promise.all(rest)
  },
  progress: () => ({ ...tally.counts }),
  /** One more message into each conversation and an alert to all, when everything works again. */
  async last(): Promise<void> {
    for (const [i, room] of world.rooms.entries())
      await messageWriters[i % writersCount]!.write(room.stable[i % room.stable.length]!, room, true)
    await alertWriters[0]!.raise(true)
  },
  /** Nothing is written after this. */
  finish(): Written & { things: Thing[] } {
    for (const writer of messageWriters) writer.close()
    hangUp()
    const { counts, answers, findings } = tally
    return { counts, answers, findings, timings: timings.toPlain(), things: world.things }
  },
}

export type Writers = typeof handlers
serve(handlers)
