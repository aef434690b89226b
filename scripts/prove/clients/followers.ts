import { setTimeout as delay } from 'node:timers/promises'
import { serve } from '../../bench/remote.ts'
import { Random } from '../random.ts'
import { Timings } from '../record/timings.ts'
import { hangUp } from '../world/http.ts'
import type { Thing, World } from '../world/world.ts'
import type { Habits } from './connection.ts'
import { InboxFollower } from './inbox-follower.ts'
import { StreamFollower } from './stream-follower.ts'

// The process of everybody who follows.

/** A recording and whose it is. */
export type Follower = { name: string; path: string } & (
  | { kind: 'stream'; account: number }
  /** `own` when it was opened with the token of the object itself. */
  | { kind: 'inbox'; objectId: number; own: boolean }
)

let world: World
let random: Random
const streams: StreamFollower[] = []
const inboxes: InboxFollower[] = []
const list: Follower[] = []
const timings = new Timings()
const findings: string[] = []
let timer: NodeJS.Timeout

// A catch-up of a million events from PostgreSQL is among it.
const finishMs = 300_000

const habits: Habits[] = [
  { stayMs: 3_600_000, awayMs: 0, dawdles: false },
  { stayMs: 60_000, awayMs: 5000, dawdles: true },
  { stayMs: 10_000, awayMs: 2000, dawdles: false },
  { stayMs: 4000, awayMs: 10_000, dawdles: false },
]

const onFinding = (finding: string) => void (findings.length < 100 && findings.push(finding))
const fileOf = (name: string) => `${world.directory}/${name}`

function followStream(
  account: number,
  name: string,
  cursor: number | undefined,
  reads: boolean,
  habit?: Habits,
): StreamFollower {
  const own = { world, name, account, cursor, reads, timings, onFinding }
  const follower = new StreamFollower({ ...own, habits: habit ?? random.pick(habits), random: random.fork(name) })
  streams.push(follower)
  list.push({ kind: 'stream', name, path: fileOf(name), account })
  follower.connection.start()
  return follower
}

function followInbox({ id, token }: Thing, name: string, own: boolean, habit?: Habits): InboxFollower {
  const thing = { id, token: own ? token : world.people[1]!.token }
  const options = { world, name, thing, cursor: 0, answers: own, onFinding, random: random.fork(name) }
  const follower = new InboxFollower({ ...options, habits: habit ?? random.pick(habits) })
  inboxes.push(follower)
  list.push({ kind: 'inbox', name, path: fileOf(name), objectId: id, own })
  follower.connection.start()
  return follower
}

const everybody = () => [...streams, ...inboxes]

const handlers = {
  follow(options: { world: World }): void {
    world = options.world
    random = new Random(world.seed).fork('followers')
    for (const account of world.people.keys()) {
      followStream(account, `stream-${account}`, account % 3 === 0 ? undefined : 0, true)
      if (account % 4 === 0) followStream(account, `stream-${account}-b`, 0, false)
    }
    for (const [i, thing] of world.things.entries())
      if (thing.attended) followInbox(thing, `inbox-${thing.id}`, true)
      else if (i === 0) followInbox(thing, `inbox-${thing.id}-dispatcher`, false)
    timer = setInterval(() => {
      for (const follower of streams) if (random.chance(0.2)) follower.read()
      for (const follower of inboxes) follower.repeat()
    }, 500)
  },
  attend({ thing }: { thing: Thing }): void {
    world.things.push(thing)
    if (thing.attended) followInbox(thing, `inbox-${thing.id}`, true)
  },
  /** Cuts a share of all connections. */
  cut({ share }: { share: number }): void {
    for (const { connection } of everybody()) if (random.chance(share)) connection.cut()
  },
  /** Nobody hangs up by itself any more; all say what they have read. */
  settle(): void {
    clearInterval(timer)
    timer = setInterval(() => {
      for (const follower of streams) follower.read(true)
      for (const follower of inboxes) follower.repeat()
    }, 500)
    for (const { connection } of everybody()) connection.settle()
  },
  /** The least cursor of each kind, and how many wait for something that they said to be confirmed. */
  state: () => ({
    waiting: everybody().filter((follower) => follower.waitsForReceipts).length,
    inboxes: inboxes.map(({ objectId, connection }) => ({ objectId, cursor: connection.cursor ?? 0 })),
  }),
  /**
   * Everybody comes back once more, and some follow anew from the beginning; resolves when all have everything up to the head.
   * `due` is the position of the last frame of each inbox.
   */
  async finish({ head, due }: { head: number; due: Record<number, number> }) {
    clearInterval(timer)
    for (const { connection } of everybody()) connection.cut()
    await delay(300)
    const stays = { stayMs: 3_600_000, awayMs: 0, dawdles: false }
    for (const account of random.sample([...world.people.keys()], 6))
      followStream(account, `stream-${account}-fresh`, 0, false, stays)
    for (const thing of random.sample(world.things, 4)) followInbox(thing, `inbox-${thing.id}-fresh`, false, stays)
    const behind = () => [
      ...streams.filter(({ connection }) => !connection.isLive || connection.cursor! < head),
      ...inboxes.filter(({ objectId, connection }) => (connection.cursor ?? 0) < (due[objectId] ?? 0)),
    ]
    for (const deadline = Date.now() + finishMs; behind().length > 0 && Date.now() < deadline; await delay(1000))
      // Let in before the process had got there: what it missed may not be for it, so only coming back shows that it has it.
      for (const { connection } of behind()) if (connection.isLive) connection.cut()
    for (const { connection } of behind())
      findings.push(`${connection.path} is at ${connection.cursor}, the log at ${head}`)
    for (const follower of everybody()) await follower.stop()
    hangUp()
    return { list, findings, timings: timings.toPlain() }
  },
}

export type Followers = typeof handlers
serve(handlers)
