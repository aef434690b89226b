import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { type ConversationsKit, conversationsKit, type Person } from './kit.test.ts'
import { connect, startTestPush, type TestPush } from './testing.ts'

const path = '/api/v1/stream'
const rounds = 25

/** Follows the stream of one account for as long as the test runs, on whatever process; resumes by its cursor when it is cut. */
class Follower {
  readonly got: number[] = []
  /** The position at which it had everything, in the end. */
  upTo = 0
  readonly #person: Person
  #stopped = false
  #cut: (() => void) | undefined
  readonly #running: Promise<void>

  constructor(person: Person, ports: number[], cursor: number, stayMs: () => number) {
    this.#person = person
    this.#running = this.#run(ports, cursor, stayMs)
  }

  /** Comes back once more, until it has everything. */
  async finish(): Promise<void> {
    this.#stopped = true
    this.#cut?.()
    await this.#running
  }

  async #run(ports: number[], cursor: number, stayMs: () => number): Promise<void> {
    for (let visit = 0; ; visit++) {
      const last = this.#stopped
      const port = ports[visit % ports.length]!
      const socket = await connect(port, `${path}?cursor=${this.got.at(-1) ?? cursor}`, this.#person.token)
      const cut = new Promise<void>((resolve) => {
        this.#cut = resolve
      })
      if (last) this.upTo = (await socket.frame((frame) => frame.type === 'live', 'live')).position
      else if (!this.#stopped) await Promise.race([delay(stayMs()), cut])
      socket.ws.terminate()
      // Behind `live`, more of it may have come by now.
      const end = last ? this.upTo : Number.POSITIVE_INFINITY
      this.got.push(...socket.positions().filter((position) => position <= end))
      if (socket.frames.some((frame) => frame.type === 'reset')) throw new Error('a cursor was not honoured')
      if (last) return
    }
  }
}

describe('conversations while clients come and go', () => {
  let system: TestPush
  let kit: ConversationsKit
  before(async () => {
    // The smallest ring: with messages of 4 KB most catch-ups begin in PostgreSQL and end in the ring.
    system = await startTestPush({ BELFRY_RING_MB: '1' })
    kit = conversationsKit(system.database)
  })
  after(() => system.stop())

  const ascending = (positions: number[]) => positions.every((each, i) => i === 0 || each > positions[i - 1]!)

  it('reach each member once and in order, exactly while it is one', async function () {
    this.timeout(60_000)
    const other = await system.push()
    const ports = [system.port, other.port]
    const [anna, bert, churn, olga] = await Promise.all(
      ['anna', 'bert', 'churn', 'olga'].map((name) => kit.person(name)),
    )
    const rooms = await Promise.all([1, 2, 3].map(() => kit.topic(olga!, 'private')))
    const hall = await kit.topic(olga!)
    rooms.push(await kit.direct(anna!, bert!))
    for (const room of rooms.slice(0, 2)) await kit.add(anna!, room)
    for (const room of rooms.slice(1, 3)) await kit.add(bert!, room)
    await kit.join(anna!, hall)
    await kit.allInLog()
    const start = (await system.db('log_head').first()).position as number

    let running = true
    const body = 'x'.repeat(4000)
    const write = async (authors: Person[], room: number) => {
      for (let i = 0; running; i++) {
        await kit.post(authors[i % authors.length]!, room, body)
        await delay(3)
      }
    }
    /** In and out, with posts on both sides of each, some of them in the same batch. */
    const goInAndOut = async () => {
      for (let i = 0; i < rounds; i++) {
        await system.db.transaction(async (trx) => {
          await kit.post(olga!, hall, `before ${i}`, trx)
          await kit.join(churn!, hall, trx)
          await kit.post(olga!, hall, `inside ${i}`, trx)
        })
        await delay(13)
        await system.db.transaction(async (trx) => {
          await kit.leave(churn!, hall, trx)
          await kit.post(olga!, hall, `outside ${i}`, trx)
        })
        await delay(7)
      }
      running = false
    }
    const writers = [
      write([olga!, anna!], rooms[0]!),
      write([olga!, anna!, bert!], rooms[1]!),
      write([olga!], rooms[2]!),
      write([anna!, bert!], rooms[3]!),
    ]
    const random = (most: number) => () => Math.random() * most
    const stable = [anna!, bert!].flatMap((person) =>
      [40, 80, 160, 320, 10_000].map((most) => ({
        person,
        follower: new Follower(person, ports, start, random(most)),
      })),
    )
    const churners = [60, 200].map((most) => new Follower(churn!, ports, start, random(most)))
    const always = await connect(other.port, `${path}?cursor=${start}`, churn!.token)
    await always.frame((f) => f.type === 'live', 'live')
    await goInAndOut()
    await Promise.all(writers)
    await kit.join(churn!, hall)
    await kit.post(olga!, hall, 'the end')
    await kit.allInLog()
    await always.frame((f) => (f.data as { body?: string } | undefined)?.body === 'the end', 'the last message')

    /** What is to be seen up to a position: receipts keep coming. */
    const due = async (person: Person, upTo: number) =>
      (await kit.visibleTo(person)).filter((position) => position > start && position <= upTo)
    for (const { person, follower } of stable) {
      await follower.finish()
      assert.deepEqual(follower.got, await due(person, follower.upTo))
    }
    const got = always.positions()
    const inside = await due(churn!, got.at(-1)!)
    assert.ok(got.length > 2 * rounds)
    assert.deepEqual(got, inside.slice(inside.length - got.length), 'who was there all the time has all of it')
    for (const follower of churners) {
      await follower.finish()
      const allowed = new Set(await due(churn!, follower.upTo))
      assert.ok(follower.got.length > 10 && ascending(follower.got))
      assert.deepEqual(
        follower.got.filter((position) => !allowed.has(position)),
        [],
      )
    }
    for (const person of [anna!, bert!, churn!]) {
      const late = await connect(system.port, `${path}?cursor=${start}`, person.token)
      const { position } = await late.frame((f) => f.type === 'live', 'live')
      assert.deepEqual(
        late.positions().filter((each) => each <= position),
        await due(person, position),
      )
      late.ws.terminate()
    }
    always.ws.terminate()
    await other.stop()
  })
})
