import assert from 'node:assert/strict'
import { headPosition } from '#internal/log/head'
import { waitFor } from '#internal/testing/wait-for'
import type { StreamEvent, StreamOptions } from './index.ts'
import { type RecordedStream, recordStream, startTestBelfry, type TestBelfry } from './testing.ts'

describe('a client that reconnects', function () {
  this.timeout(60_000)
  let belfry: TestBelfry
  let anna: Awaited<ReturnType<TestBelfry['account']>>
  let opened: RecordedStream[] = []
  before(async () => {
    belfry = await startTestBelfry()
    anna = await belfry.account('anna')
  })
  afterEach(() => {
    for (const { stream } of opened) stream.close()
    opened = []
  })
  after(() => belfry.stop())

  function open(options: Partial<StreamOptions> = {}): RecordedStream {
    const recorded = recordStream({ url: belfry.url, token: anna.token, ...options })
    opened.push(recorded)
    return recorded
  }
  const write = (...numbers: number[]) => belfry.write(anna.account.id, ...numbers)
  const got = (recorded: RecordedStream, count: number) =>
    waitFor(() => recorded.events.length >= count, { what: `${count} events`, timeoutMs: 40_000 })
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

  it('gets everything once and in order while push stops and starts', async () => {
    const recorded = open()
    await recorded.until('live')
    let n = 0
    for (let round = 0; round < 3; round++) {
      await write(n++, n++)
      const stopped = belfry.stopPush()
      await write(n++)
      await stopped
      await write(n++)
      await recorded.until('waiting')
      await belfry.startPush()
      await write(n++)
    }
    await got(recorded, n)
    await recorded.until('live')
    assert.deepEqual(recorded.numbers(), upTo(n))
    assert.ok(!recorded.phases().includes('ended'))
  })

  it('comes up when the server does, and says what it is doing meanwhile', async () => {
    belfry.network.away()
    const recorded = open()
    const before = Date.now()
    await recorded.until('waiting')
    const { retryAt, since } = recorded.stream.state
    assert.ok(retryAt! >= before && retryAt! < Date.now() + 1000, String(retryAt))
    assert.ok(since <= before)
    await write(1)
    await waitFor(() => recorded.phases().filter((phase) => phase === 'waiting').length >= 3, { what: 'the third try' })
    await belfry.network.back()
    await recorded.until('live')
    assert.equal(recorded.stream.state.retryAt, undefined)
    assert.ok(recorded.stream.state.since > since)
    await write(2)
    await got(recorded, 1)
    assert.deepEqual(recorded.numbers(), [2])
    const tries = recorded.phases().join(' ').replaceAll('waiting connecting', 'again')
    assert.match(tries, /^(again )+catching-up live$/)
    belfry.network.away()
    await recorded.until('waiting')
    assert.ok(recorded.stream.state.retryAt! - Date.now() <= 500, 'begins with short delays again')
    await belfry.network.back()
  })

  it('dials at once when the person says so', async () => {
    const recorded = open()
    await recorded.until('live')
    recorded.stream.reconnect()
    assert.equal(recorded.stream.state.phase, 'connecting')
    await recorded.until('live')
    assert.deepEqual(recorded.phases(), ['catching-up', 'live', 'connecting', 'catching-up', 'live'])
  })

  it('hangs up when it cannot keep up, and then gets the rest', async () => {
    const cursor = await headPosition(belfry.db)
    const count = 6000
    for (let n = 0; n < count; n += 500) await write(...upTo(500).map((i) => n + i))
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow = open({ cursor, onEvent: () => promise })
    await slow.until('catching-up')
    await got(open({ cursor }), count)
    assert.equal(slow.stream.state.phase, 'catching-up')
    resolve()
    await got(slow, count)
    await slow.until('live')
    assert.deepEqual(slow.numbers(), upTo(count))
    const [first, ...again] = slow.phases().join(' ').split(' connecting ')
    assert.equal(first, 'catching-up')
    assert.ok(again.length >= 1)
    assert.ok(again.every((phases) => phases.startsWith('catching-up')))
  })

  it('loses, repeats and reorders nothing, whatever fails at any moment', async () => {
    const first = await headPosition(belfry.db)
    const followers = upTo(6).map(() => new Follower(first, open))
    let n = 0
    let writing = true
    const writer = (async () => {
      while (writing) await write(n++, n++)
    })()
    const failures = [
      async () => {
        belfry.network.away()
        await belfry.network.back()
      },
      async () => {
        await belfry.stopPush()
        await belfry.startPush()
      },
      async (follower: Follower) => follower.recorded.stream.reconnect(),
      async (follower: Follower) => follower.restart(),
    ]
    for (let round = 0; round < 16; round++) {
      const follower = followers[round % followers.length]!
      const { length } = follower.positions
      // At any moment: while it dials, greets, catches up or is live.
      await waitFor(() => follower.positions.length > length + Math.random() * 40, { what: 'more', timeoutMs: 30_000 })
      await failures[Math.floor(Math.random() * failures.length)]!(follower)
    }
    writing = false
    await writer
    for (const { positions } of followers)
      await waitFor(() => positions.length >= n, { what: 'the rest', timeoutMs: 40_000 })
    const rows = await belfry.db('events').where('position', '>', first).orderBy('position').select('position')
    const written = rows.map(({ position }) => Number(position))
    assert.equal(written.length, n)
    for (const { recorded, positions } of followers) {
      await recorded.until('live')
      assert.deepEqual(positions, written)
    }
  })
})

/** A program that keeps its cursor with what it makes of the events, and may be started again. */
class Follower {
  readonly positions: number[] = []
  readonly #open: () => RecordedStream
  recorded: RecordedStream

  constructor(first: number, open: (options: Partial<StreamOptions>) => RecordedStream) {
    const cursor = { load: () => this.positions.at(-1) ?? first, save: () => undefined }
    const onEvent = async ({ position }: StreamEvent) => {
      this.positions.push(position)
      if (Math.random() < 0.1) await new Promise(setImmediate)
    }
    this.#open = () => open({ cursor, onEvent })
    this.recorded = this.#open()
  }

  restart(): void {
    this.recorded.stream.close()
    this.recorded = this.#open()
  }
}
