import assert from 'node:assert/strict'
import { createJwts } from '#internal/accounts/jwt'
import { endSession } from '#internal/accounts/sessions'
import { issueTicket } from '#internal/accounts/tickets'
import type { NewEvent } from '#internal/events/event'
import { emit } from '#internal/log/outbox'
import { systemClock } from '#internal/runtime/clock'
import { waitFor } from '#internal/testing/wait-for'
import { aSession, connect, startTestPush, statusOf, type TestPush } from './testing.ts'

const path = '/api/v1/stream'

describe('stream', () => {
  let system: TestPush
  let anna: Awaited<ReturnType<typeof aSession>>
  before(async () => {
    system = await startTestPush()
    anna = await aSession(system.database, 'anna')
  })
  after(() => system.stop())

  const note = (n: number): NewEvent => ({ scope: `account:${anna.account.id}`, event: 'status.set', data: { n } })
  const write = (...events: NewEvent[]) => system.db.transaction((trx) => emit(trx, events, new Date()))
  const open = (query = '', token = anna.token) => connect(system.port, path + query, token)

  it('says hello, then that it is live, then sends each event of the account as it comes', async () => {
    const socket = await open()
    const hello = await socket.frame((f) => f.type === 'hello', 'hello')
    assert.equal(hello.resumed, false)
    await socket.frame((f) => f.type === 'live', 'live')
    await write(note(1), { scope: 'account:999', event: 'status.set', data: { n: 2 } }, note(3))
    await socket.frame((f) => f.type === 'event' && f.position === hello.position + 3, 'the last event')
    const [first, second] = socket.frames.slice(2)
    assert.deepEqual(
      { ...first, at: undefined },
      {
        type: 'event',
        position: hello.position + 1,
        scope: `account:${anna.account.id}`,
        event: 'status.set',
        at: undefined,
        data: { n: 1 },
      },
    )
    assert.match(String(first!.at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(second!.data, { n: 3 })
    assert.equal(socket.frames.length, 4)
    socket.ws.terminate()
  })

  it('sends everything after the cursor, once and in order, and nothing before it', async () => {
    const early = await open()
    const { position } = await early.frame((f) => f.type === 'live', 'live')
    await write(...[1, 2, 3, 4, 5].map(note))
    await early.frame((f) => f.position === position + 5, 'the last event')
    early.ws.terminate()
    const late = await open(`?cursor=${position + 2}`)
    await late.frame((f) => f.type === 'live', 'live')
    assert.equal(late.frames[0]!.resumed, true)
    assert.deepEqual(
      late.positions(),
      [3, 4, 5].map((n) => position + n),
    )
    late.ws.terminate()
  })

  it('starts with the first event that is kept for cursor 0', async () => {
    const socket = await open('?cursor=0')
    await socket.frame((f) => f.type === 'live', 'live')
    assert.equal(socket.frames[0]!.resumed, true)
    assert.ok(socket.positions().length >= 7)
    socket.ws.terminate()
  })

  it('answers a cursor that the log has not reached with a reset', async () => {
    const socket = await open('?cursor=9007199254740993')
    const reset = await socket.frame((f) => f.type === 'reset', 'reset')
    assert.equal(reset.reason, 'cursor_ahead')
    assert.equal(socket.frames[0]!.resumed, false)
    const live = await socket.frame((f) => f.type === 'live', 'live')
    assert.equal(live.position, reset.position)
    socket.ws.terminate()
  })

  it('accepts the token as a subprotocol and answers with its own', async () => {
    const ws = await connect(system.port, path, undefined, { headers: {} }).catch((error) => error)
    assert.equal(ws.status, 401)
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`ws://127.0.0.1:${system.port}${path}`, ['belfry.v1', `bearer.${anna.token}`])
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    assert.equal(socket.protocol, 'belfry.v1')
    socket.terminate()
  })

  it('accepts an access JWT, and a ticket once', async () => {
    const jwts = createJwts({ secret: 'a secret that only tests use, 32 characters', clock: systemClock })
    const { id } = anna.account
    const jwt = jwts.sign({ accountId: id, sessionId: anna.sessionId, expiresAt: new Date(Date.now() + 60_000) })
    assert.equal(await statusOf(system.port, path, jwt), 101)
    const { ticket } = await issueTicket(system.db, anna.sessionId, new Date())
    assert.equal(await statusOf(system.port, `${path}?ticket=${ticket}`), 101)
    assert.equal(await statusOf(system.port, `${path}?ticket=${ticket}`), 401)
  })

  it('refuses bad credentials and bad cursors before the upgrade', async () => {
    assert.equal(await statusOf(system.port, path), 401)
    assert.equal(await statusOf(system.port, path, 'f'.repeat(64)), 401)
    assert.equal(await statusOf(system.port, path, 'a.b.c'), 401)
    for (const cursor of ['-1', 'abc', '1.5', '', '1'.repeat(40)])
      assert.equal(await statusOf(system.port, `${path}?cursor=${cursor}`, anna.token), 400, cursor)
    assert.equal(await statusOf(system.port, '/nowhere', anna.token), 404)
  })

  it('shows alerts to dispatchers only', async () => {
    const dora = await aSession(system.database, 'dora', 'dispatcher')
    const [member, dispatcher] = [await open(), await open('', dora.token)]
    await Promise.all([member, dispatcher].map((s) => s.frame((f) => f.type === 'live', 'live')))
    await write({ scope: 'alerts', event: 'alert.raised', data: { id: 1 } }, note(1))
    await member.frame((f) => f.type === 'event', 'own event')
    await dispatcher.frame((f) => f.event === 'alert.raised', 'alert')
    assert.equal(member.positions().length, 1)
    member.ws.terminate()
    dispatcher.ws.terminate()
  })

  it('closes the sockets of a session that ends, and lets the account know elsewhere', async () => {
    const gone = await aSession(system.database, 'anna')
    const [mine, other] = [await open('', gone.token), await open()]
    await Promise.all([mine, other].map((s) => s.frame((f) => f.type === 'live', 'live')))
    await system.db.transaction((trx) => endSession(trx, anna.account.id, gone.sessionId, new Date()))
    assert.equal((await mine.closed).code, 4001)
    await other.frame((f) => f.event === 'session.revoked', 'session.revoked')
    assert.equal(await statusOf(system.port, path, gone.token), 401)
    other.ws.terminate()
  })

  it('asks an account whose role changed to come back', async () => {
    const rosa = await aSession(system.database, 'rosa')
    const socket = await open('', rosa.token)
    await socket.frame((f) => f.type === 'live', 'live')
    const { id } = rosa.account
    await write({ scope: `account:${id}`, event: 'account.updated', data: { id, role: 'dispatcher' } })
    const { code, reason } = await socket.closed
    assert.equal(code, 1012)
    assert.deepEqual(JSON.parse(reason), { reconnect_after_ms: 0 })
  })

  it('follows the status of an account that it watches, until it does not', async () => {
    const wanda = await aSession(system.database, 'wanda')
    const socket = await open()
    await socket.frame((f) => f.type === 'live', 'live')
    const status = (n: number) => write({ scope: `status:${wanda.account.id}`, event: 'status.set', data: { n } })
    socket.send({ type: 'watch', username: 'Wanda' })
    await waitFor(
      async () => {
        await status(1)
        return socket.positions().length > 0
      },
      { what: 'a watched status' },
    )
    socket.send({ type: 'unwatch', username: 'wanda' })
    socket.send({ type: 'ping' })
    await socket.frame((f) => f.type === 'pong', 'pong')
    socket.send({ type: 'watch', username: 'nobody' })
    assert.equal((await socket.frame((f) => f.type === 'error', 'error')).code, 'not_found')
    socket.ws.terminate()
  })

  it('applies watch and unwatch in the order in which they were sent', async () => {
    const wim = await aSession(system.database, 'wim')
    const socket = await open()
    await socket.frame((f) => f.type === 'live', 'live')
    for (let round = 0; round < 10; round++) {
      for (const type of ['watch', 'unwatch', 'watch']) socket.send({ type, username: 'wim' })
      socket.send({ type: 'watch', username: 'nobody' })
      await waitFor(() => socket.frames.filter((f) => f.type === 'error').length === round + 1, {
        what: 'the last frame',
      })
      await write({ scope: `status:${wim.account.id}`, event: 'status.set', data: { round } })
      await waitFor(() => socket.positions().length === round + 1, { what: 'the watched status' })
      socket.send({ type: 'unwatch', username: 'wim' })
    }
    socket.ws.terminate()
  })

  it('asks every client to reconnect when it drains, each after a time of its own', async () => {
    const { port, stop } = await system.push()
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connect(port, path, anna.token)))
    await Promise.all(sockets.map((s) => s.frame((f) => f.type === 'live', 'live')))
    await stop()
    const ends = await Promise.all(sockets.map((s) => s.closed))
    assert.deepEqual([...new Set(ends.map((end) => end.code))], [1012])
    const hints = ends.map((end) => JSON.parse(end.reason).reconnect_after_ms)
    assert.ok(new Set(hints).size > 5)
    assert.ok(hints.every((ms) => ms >= 0 && ms <= 5000))
  })

  it('asks who is only being let in when it drains to reconnect, too', async () => {
    const { port, stop } = await system.push()
    const lock = await system.db.transaction()
    await lock.raw('lock table sessions')
    const late = connect(port, path, anna.token)
    const isLookedUp = () =>
      system.db('pg_stat_activity').whereRaw('datname = current_database()').where({ wait_event_type: 'Lock' }).first()
    await waitFor(isLookedUp, { what: 'the session to be looked up' })
    await stop()
    await lock.commit()
    assert.equal((await (await late).closed).code, 1012)
  })
})
