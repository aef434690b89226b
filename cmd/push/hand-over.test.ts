import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { NewEvent } from '#internal/events/event'
import { headPosition, oldestCursor } from '#internal/log/head'
import { emit } from '#internal/log/outbox'
import { waitFor } from '#internal/testing/wait-for'
import { aSession, connect, startTestPush, type TestPush, type TestSocket } from './testing.ts'

const path = '/api/v1/stream'

describe('hand-over from catch-up to live', () => {
  let system: TestPush
  let anna: Awaited<ReturnType<typeof aSession>>
  before(async () => {
    // The smallest ring: with events of 8 KB most catch-ups begin in PostgreSQL and end in the ring.
    system = await startTestPush({ BELFRY_RING_MB: '1' })
    anna = await aSession(system.database, 'anna')
  })
  after(() => system.stop())

  const pad = 'x'.repeat(8000)
  const note = (n: number, account = anna.account.id): NewEvent => ({
    scope: `account:${account}`,
    event: 'status.set',
    data: { n, pad },
  })
  const write = (...events: NewEvent[]) => system.db.transaction((trx) => emit(trx, events, new Date()))

  it('loses, repeats and reorders nothing for clients that come and go while events are written', async function () {
    this.timeout(60_000)
    let n = 0
    let writing = true
    const writer = (async () => {
      while (writing) {
        await write(note(n++), note(-1, 999), note(n++))
        await delay(1)
      }
    })()
    const failures: string[] = []
    const visitor = async (seed: number) => {
      let cursor = 0
      let expected = 0
      for (let visit = 0; n < 400; visit++) {
        const socket = await connect(system.port, `${path}?cursor=${cursor}`, anna.token)
        await delay((seed * 37 + visit * 53) % 90)
        socket.ws.terminate()
        for (const frame of socket.frames.filter((f) => f.type === 'event')) {
          const { n: got } = frame.data as { n: number }
          if (got !== expected) failures.push(`visit ${visit}: expected ${expected}, got ${got}`)
          expected = got + 1
          cursor = frame.position
        }
      }
    }
    await Promise.all(Array.from({ length: 12 }, (_, i) => visitor(i)))
    writing = false
    await writer
    assert.deepEqual(failures, [])
    const last = await connect(system.port, `${path}?cursor=0`, anna.token)
    await waitFor(() => last.positions().length === n, { what: `all ${n} events` })
    assert.deepEqual(
      last.frames.filter((f) => f.type === 'event').map((f) => (f.data as { n: number }).n),
      Array.from({ length: n }, (_, i) => i),
    )
    last.ws.terminate()
  })

  it('waits for a process that lags behind the one that the cursor came from', async () => {
    const first = await connect(system.port, path, anna.token)
    const { position } = await first.frame((f) => f.type === 'live', 'live')
    const { port, stop } = await system.push()
    const [second] = await Promise.all([
      write(note(1), note(2)).then(async () => {
        await first.frame((f) => f.position === position + 1, 'the first event')
        return connect(port, `${path}?cursor=${position + 1}`, anna.token)
      }),
    ])
    await second.frame((f) => f.type === 'live', 'live')
    await waitFor(() => second.positions().length === 1, { what: 'the second event' })
    assert.deepEqual(second.positions(), [position + 2])
    first.ws.terminate()
    second.ws.terminate()
    await stop()
  })

  it('closes a client that does not read, and loses nothing when it comes back', async function () {
    this.timeout(60_000)
    const { port, stop } = await system.push({ BELFRY_SOCKET_BUFFER_BYTES: '131072', BELFRY_RING_MB: '64' })
    const slow = await connect(port, path, anna.token)
    const { position } = await slow.frame((f) => f.type === 'live', 'live')
    slow.ws.pause()
    const total = 1500
    for (let i = 0; i < total; i += 10) await write(...Array.from({ length: 10 }, (_, k) => note(i + k)))
    await waitFor(async () => (await headPosition(system.db)) >= position + total, {
      timeoutMs: 30_000,
      what: 'the log to have it all',
    })
    const watcher = await connect(port, `${path}?cursor=${position + total}`, anna.token)
    await watcher.frame((f) => f.type === 'live', 'the hub to have it all')
    await delay(600)
    slow.ws.resume()
    const { code } = await slow.closed
    assert.ok(code === 4008 || code === 1006, String(code))
    const got = slow.positions()
    assert.ok(got.length < total, 'the slow client was not cut')
    const back = await connect(port, `${path}?cursor=${got.at(-1) ?? position}`, anna.token)
    await waitFor(() => got.length + back.positions().length === total, { what: 'the rest', timeoutMs: 20_000 })
    assert.deepEqual(
      [...got, ...back.positions()],
      Array.from({ length: total }, (_, i) => position + 1 + i),
    )
    for (const socket of [watcher, back] as TestSocket[]) socket.ws.terminate()
    await stop()
  })

  it('says reset when the cursor is older than what is kept', async () => {
    await system.db('events').where('position', '<=', 20).delete()
    assert.equal(await oldestCursor(system.db), 20)
    const old = await connect(system.port, `${path}?cursor=19`, anna.token)
    const reset = await old.frame((f) => f.type === 'reset', 'reset')
    assert.equal(reset.reason, 'cursor_too_old')
    assert.equal(old.frames[0]!.resumed, false)
    await write(note(1))
    await waitFor(() => old.positions().length === 1, { what: 'what comes next' })
    assert.deepEqual(old.positions(), [reset.position + 1])
    old.ws.terminate()
    const kept = await connect(system.port, `${path}?cursor=20`, anna.token)
    await kept.frame((f) => f.type === 'live', 'live')
    assert.equal(kept.frames[0]!.resumed, true)
    kept.ws.terminate()
  })
})
