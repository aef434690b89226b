import assert from 'node:assert/strict'
import { headPosition, oldestCursor } from '#internal/log/head'
import { emit } from '#internal/log/outbox'
import { waitFor } from '#internal/testing/wait-for'
import type { CursorStore, StreamOptions } from './index.ts'
import { type RecordedStream, recordStream, startTestBelfry, type TestBelfry } from './testing.ts'

describe('the stream of the client', () => {
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
    waitFor(() => recorded.events.length === count, { what: `${count} events`, timeoutMs: 15_000 })
  const head = () => headPosition(belfry.db)

  /** A store as two processes would share it. */
  function aStore(): CursorStore & { value: number | undefined; saves: number[] } {
    return {
      value: undefined,
      saves: [],
      load() {
        return this.value
      },
      async save(cursor) {
        await new Promise(setImmediate)
        this.value = cursor
        this.saves.push(cursor)
      },
    }
  }

  it('begins after what it says hello with, and hands each event over as it is in REST', async () => {
    await write(1)
    await got(open({ cursor: 0 }), 1)
    const hellos: number[] = []
    const recorded = open({ onHello: (position) => void hellos.push(position) })
    assert.equal(recorded.stream.state.phase, 'connecting')
    assert.equal(recorded.stream.cursor, undefined)
    await recorded.until('live')
    assert.deepEqual(recorded.phases(), ['catching-up', 'live'])
    assert.deepEqual(hellos, [await head()])
    assert.equal(recorded.stream.cursor, hellos[0])
    await write(2, 3)
    await got(recorded, 2)
    const pages = await fetch(`${belfry.url}/api/v1/events?after=${hellos[0]}`, {
      headers: { authorization: `Bearer ${anna.token}` },
    })
    assert.deepEqual(((await pages.json()) as { items: unknown }).items, recorded.events)
    await waitFor(() => recorded.stream.cursor === recorded.events[1]!.position, { what: 'the cursor' })
  })

  it('keeps events back until what hello has started is done, so that REST can be loaded first', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const recorded = open({ onHello: () => promise })
    await recorded.until('catching-up')
    await write(1, 2)
    const other = open()
    await other.until('live')
    assert.deepEqual(recorded.events, [])
    assert.equal(recorded.stream.state.phase, 'catching-up')
    resolve()
    await got(recorded, 2)
    assert.deepEqual(recorded.numbers(), [1, 2])
    await recorded.until('live')
  })

  it('goes on in another process where the store says, and saves after the handler', async () => {
    const store = aStore()
    const seen: (number | undefined)[] = []
    const first = open({ cursor: store, onEvent: () => void seen.push(store.value) })
    await first.until('live')
    await write(1, 2)
    await waitFor(() => store.value === first.events[1]?.position, { what: 'the cursor to be kept' })
    assert.deepEqual(seen, [first.events[0]!.position - 1, first.events[0]!.position])
    first.stream.close()
    await write(3, 4, 5)
    const second = open({ cursor: store })
    await got(second, 3)
    assert.deepEqual(second.numbers(), [3, 4, 5])
    assert.deepEqual(
      store.saves,
      store.saves.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(store.saves).size, store.saves.length)
  })

  it('goes on from a position that is given', async () => {
    const cursor = await head()
    await write(1, 2)
    const recorded = open({ cursor, onHello: () => assert.fail('nothing to load') })
    await got(recorded, 2)
    await recorded.until('live')
    assert.deepEqual(recorded.numbers(), [1, 2])
  })

  it('is told to reload when its cursor is ahead of the log, and goes on from there, back', async () => {
    const store = aStore()
    store.value = (await head()) + 1000
    const recorded = open({ cursor: store })
    await recorded.until('live')
    assert.deepEqual(recorded.resets, [{ position: await head(), reason: 'cursor_ahead' }])
    await write(1)
    await got(recorded, 1)
    await waitFor(() => store.value === recorded.resets[0]!.position + 1, { what: 'the cursor to be kept' })
  })

  it('is told to reload when its cursor is older than what is kept', async () => {
    const position = await head()
    await write(1, 2)
    await waitFor(async () => (await head()) === position + 2, { what: 'the log to have them' })
    await belfry.stopPush()
    await belfry
      .db('events')
      .where('position', '<=', position + 1)
      .delete()
    assert.equal(await oldestCursor(belfry.db), position + 1)
    await belfry.startPush()
    const recorded = open({ cursor: position })
    await recorded.until('live')
    assert.deepEqual(recorded.resets, [{ position: position + 2, reason: 'cursor_too_old' }])
    assert.deepEqual(recorded.events, [])
  })

  it('hands over one at a time and in order, however long each takes', async () => {
    let running = 0
    const recorded = open({
      async onEvent({ data }) {
        assert.equal(++running, 1)
        const { n } = data as { n: number }
        for (let i = 0; i < 20 - n; i++) await new Promise(setImmediate)
        running--
      },
    })
    await recorded.until('live')
    const numbers = Array.from({ length: 20 }, (_, i) => i)
    await write(...numbers)
    await got(recorded, 20)
    assert.deepEqual(recorded.numbers(), numbers)
  })

  it('watches until that is ended as often as it was begun, on each new connection as well', async () => {
    const wanda = await belfry.account('wanda')
    const recorded = open()
    const status = () =>
      belfry.db.transaction((trx) =>
        emit(trx, [{ scope: `status:${wanda.account.id}`, event: 'status.set', data: {} }], new Date()),
      )
    const statuses = () => recorded.events.filter(({ scope }) => scope.startsWith('status:')).length
    const arrives = async () => {
      const before = statuses()
      await waitFor(
        async () => {
          await status()
          return statuses() > before
        },
        { what: 'a watched status' },
      )
    }
    const [one, other] = [recorded.stream.watch({ username: 'Wanda' }), recorded.stream.watch({ username: 'wanda' })]
    await arrives()
    belfry.network.away()
    await recorded.until('waiting')
    await belfry.network.back()
    await recorded.until('live')
    await arrives()
    one()
    one()
    await arrives()
    other()
    // Frames are handled in order: when this one is refused, the status is not watched any more.
    recorded.stream.watch({ username: 'nobody' })
    await waitFor(() => recorded.problems.length > 0, { what: 'an error frame' })
    assert.equal(recorded.problems[0]!.code, 'not_found')
    const before = statuses()
    await status()
    await write(1)
    await waitFor(() => recorded.events.at(-1)?.scope === `account:${anna.account.id}`, { what: 'the event after it' })
    assert.equal(statuses(), before)
  })

  it('takes no option that cannot work', () => {
    for (const bad of [
      { url: 'ftp://localhost' },
      { url: 'localhost:8080' },
      { url: '' },
      { token: '' },
      { token: 'a b' },
      { cursor: -1 },
      { cursor: Number.NaN },
      { cursor: 1.5 },
    ])
      assert.throws(() => open(bad), TypeError, JSON.stringify(bad))
  })
})
