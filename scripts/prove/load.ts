import { setTimeout as delay } from 'node:timers/promises'
import type { Processes } from '../bench/processes.ts'
import { type Handlers, Remote } from '../bench/remote.ts'
import type { Follower, Followers } from './clients/followers.ts'
import type { Writers, Written } from './clients/writers.ts'
import { type Injected, Injector } from './faults/injector.ts'
import type { Options } from './options.ts'
import type { Random } from './random.ts'
import type { PlainTimings } from './record/timings.ts'
import type { Findings } from './system/findings.ts'
import { lastOfInboxes, quiet } from './system/quiet.ts'
import type { System } from './system/system.ts'
import { sinceStart, type Thing, type World } from './world/world.ts'

export interface LoadOptions {
  options: Options
  world: World
  system: System
  processes: Processes
  random: Random
  findings: Findings
  say: (line: string) => void
}

export interface Loaded {
  followers: readonly Follower[]
  written: Written
  /** Age of messages when they came to clients that waited for them. */
  streamTimings: PlainTimings
  faults: readonly Injected[]
}

const nothing = undefined as never

/** Lets everybody write and follow while the system is harmed, then lets it come to rest. Objects made meanwhile are added to the world. */
export async function load({ options, world, system, processes, random, findings, say }: LoadOptions): Promise<Loaded> {
  const program = <H extends Handlers>(name: string) => {
    const file = `scripts/prove/clients/${name}.ts`
    return new Remote<H>(processes.start(file, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }), name)
  }
  const followers = program<Followers>('followers')
  const writers = program<Writers>('writers')
  const tell = (line: string) => say(`${(sinceStart(world) / 1000).toFixed(0).padStart(5)} s  ${line}`)
  await followers.ask('follow', { world })
  writers.on<Thing>('thing', (thing) => void followers.ask('attend', { thing }))

  const injector = new Injector({
    names: options.faults,
    // As many as fit, and as much peace between them in a long run as is needed to see the system recover.
    restMs: Math.min(40_000, Math.max(2000, options.minutes * 400)),
    tools: { system, random: random.fork('faults'), cutClients: (share) => followers.ask('cut', { share }) },
    findings,
    now: () => sinceStart(world),
    onFault: ({ what }) => tell(what),
  })
  injector.start()
  const progress = setInterval(() => {
    void writers.ask('progress', nothing).then((counts) => tell(JSON.stringify(counts)), tell)
  }, 15_000)
  await writers
    .ask('write', { world, messages: options.messages, durationMs: options.minutes * 60_000 })
    .finally(() => clearInterval(progress))
  await injector.stop()

  tell('everything is written; waiting until it is quiet')
  await followers.ask('settle', nothing)
  // Long enough for everybody to have come back.
  await delay(3000)
  await writers.ask('last', nothing)
  const isDone = async () => (await followers.ask('state', nothing)).waiting === 0
  await quiet(system.postgres.url, isDone, findings)
  const followed = await followers.ask('finish', await lastOfInboxes(system.postgres.url))
  const written = await writers.ask('finish', nothing)
  await quiet(system.postgres.url, async () => true, findings)
  for (const finding of [...followed.findings, ...written.findings]) findings.add('unexpected answer', finding)
  world.things = written.things
  return { followers: followed.list, written, streamTimings: followed.timings, faults: injector.done }
}
