import assert from 'node:assert/strict'
import { raiseAlert } from '#internal/alerts/alert-store'
import { issueInboxToken } from '#internal/alerts/inbox-tokens'
import { removeObject } from '#internal/alerts/object-store'
import { emit } from '#internal/log/outbox'
import { systemClock } from '#internal/runtime/clock'
import { waitFor } from '#internal/testing/wait-for'
import { anObject, aSession, connect, startTestPush, statusOf, type TestPush, type TestSocket } from './testing.ts'

describe('inbox', () => {
  let system: TestPush
  before(async () => {
    system = await startTestPush()
  })
  after(() => system.stop())

  const raise = (text: string, objectIds: number[] | 'all') =>
    raiseAlert(
      system.db,
      {
        text,
        severity: 'info',
        alertAll: objectIds === 'all',
        objectIds: objectIds === 'all' ? [] : objectIds,
        acknowledgeBy: null,
        raisedBy: 'dora',
      },
      systemClock,
    )
  const open = (object: { id: number; token: string }, query = '') =>
    connect(system.port, `/inbox/${object.id}${query}`, object.token)
  const texts = (socket: TestSocket) => socket.frames.filter((f) => f.type === undefined).map((f) => f.text)
  const until = (socket: TestSocket, text: string) => socket.frame((f) => f.text === text, text)
  const receipt = (alertId: number, objectId: number) =>
    system.db('alert_receipts').where({ alert_id: alertId, object_id: objectId }).first()

  it('sends the backlog oldest first and then each new alert, exactly once', async () => {
    const [bob, eve] = [await anObject(system.database), await anObject(system.database)]
    await raise('one', [bob.id])
    await raise('two', 'all')
    await raise('for eve', [eve.id])
    const socket = await open(bob)
    await until(socket, 'two')
    await raise('three', [bob.id, eve.id])
    await raise('four', 'all')
    await until(socket, 'four')
    assert.deepEqual(texts(socket), ['one', 'two', 'three', 'four'])
    const [first] = socket.frames
    assert.deepEqual(Object.keys(first!), ['id', 'text', 'severity', 'created_at', 'position'])
    socket.ws.terminate()
  })

  it('resumes after the cursor', async () => {
    const bob = await anObject(system.database)
    const before = await open(bob)
    for (const text of ['a', 'b', 'c']) await raise(text, [bob.id])
    const b = await until(before, 'b')
    await until(before, 'c')
    before.ws.terminate()
    await raise('d', 'all')
    const after = await open(bob, `?cursor=${b.position}`)
    await until(after, 'd')
    assert.deepEqual(texts(after), ['c', 'd'])
    after.ws.terminate()
  })

  it('does not show an alert to all to an object that was made after it', async () => {
    await raise('before', 'all')
    const late = await anObject(system.database)
    const socket = await open(late)
    await raise('after', 'all')
    await until(socket, 'after')
    assert.deepEqual(texts(socket), ['after'])
    socket.ws.terminate()
  })

  it('keeps an alert to all from an open inbox whose object is younger than it', async () => {
    const [old, young] = [await anObject(system.database), await anObject(system.database)]
    const [a, b] = [await open(old), await open(young)]
    const { version } = await system.db('object_directory').first()
    const data = { id: 4711, text: 'slow relay', severity: 'info', created_at: 'x', directory_version: version - 1 }
    await system.db.transaction((trx) => emit(trx, [{ scope: 'objects', event: 'alert.raised', data }], new Date()))
    await until(a, 'slow relay')
    await raise('next', 'all')
    await until(b, 'next')
    assert.deepEqual(texts(b).slice(-1), ['next'])
    assert.ok(!texts(b).includes('slow relay'))
    a.ws.terminate()
    b.ws.terminate()
  })

  it('shows an alert that was sent again once in the backlog, and again to who has been there', async () => {
    const bob = await anObject(system.database)
    const alert = await raise('again', [bob.id])
    const { id, text, severity, created_at } = alert
    const data = { id, text, severity, created_at: created_at.toISOString() }
    const watching = await open(bob)
    await until(watching, 'again')
    await system.db.transaction((trx) =>
      emit(trx, [{ scope: `object:${bob.id}`, event: 'alert.raised', data }], new Date()),
    )
    await waitFor(() => texts(watching).length === 2, { what: 'the alert again' })
    const fresh = await open(bob)
    await raise('last', [bob.id])
    await until(fresh, 'last')
    assert.deepEqual(texts(fresh), ['again', 'last'])
    watching.ws.terminate()
    fresh.ws.terminate()
  })

  it('marks alerts delivered by the pong that every client sends by itself', async () => {
    const bob = await anObject(system.database)
    const earlier = await raise('earlier', [bob.id])
    const socket = await open(bob)
    const later = await raise('later', 'all')
    for (const alert of [earlier, later])
      await waitFor(() => receipt(alert.id, bob.id), { what: `a receipt of ${alert.text}` })
    socket.ws.terminate()
  })

  it('takes a cursor as a delivered mark', async () => {
    const bob = await anObject(system.database)
    const alert = await raise('seen elsewhere', [bob.id])
    const dispatcher = await aSession(system.database, 'dora', 'dispatcher')
    const look = await connect(system.port, `/inbox/${bob.id}`, dispatcher.token)
    const { position } = await until(look, 'seen elsewhere')
    look.ws.terminate()
    const socket = await open(bob, `?cursor=${position}`)
    await waitFor(() => receipt(alert.id, bob.id), { what: 'the receipt' })
    socket.ws.terminate()
  })

  it('takes a cursor beyond the log as proof of nothing', async () => {
    const bob = await anObject(system.database)
    const alert = await raise('never sent', [bob.id])
    const ahead = await open(bob, '?cursor=999999999999')
    ahead.ws.terminate()
    const other = await anObject(system.database)
    const probe = await raise('probe', [other.id])
    const own = await open(other)
    await waitFor(() => receipt(probe.id, other.id), { what: 'the other receipt' })
    assert.equal(await receipt(alert.id, bob.id), undefined)
    own.ws.terminate()
  })

  it('lets a dispatcher look without marking anything delivered', async () => {
    const bob = await anObject(system.database)
    const dispatcher = await aSession(system.database, 'dora', 'dispatcher')
    const alert = await raise('looked at', [bob.id])
    const look = await connect(system.port, `/inbox/${bob.id}`, dispatcher.token)
    await until(look, 'looked at')
    const other = await anObject(system.database)
    const probe = await raise('probe', [other.id])
    const own = await open(other)
    await waitFor(() => receipt(probe.id, other.id), { what: 'the other receipt' })
    assert.equal(await receipt(alert.id, bob.id), undefined)
    look.ws.terminate()
    own.ws.terminate()
  })

  it('confirms read and acknowledged by the event that they cause', async () => {
    const bob = await anObject(system.database)
    const alert = await raise('act', [bob.id])
    const socket = await open(bob)
    await until(socket, 'act')
    socket.send({ type: 'read', alert_id: alert.id })
    const read = await socket.frame((f) => f.type === 'receipt' && f.read_at !== null, 'the read receipt')
    assert.equal(read.alert_id, alert.id)
    socket.send({ type: 'acknowledge', alert_id: alert.id })
    await socket.frame((f) => f.type === 'receipt' && f.acknowledged_at !== null, 'the acknowledgement')
    socket.send({ type: 'acknowledge', alert_id: 999_999 })
    assert.equal((await socket.frame((f) => f.type === 'error', 'error')).code, 'not_found')
    socket.ws.terminate()
  })

  it('refuses who may not look: no credentials, a member, the token of another inbox, an unknown object', async () => {
    const [bob, eve] = [await anObject(system.database), await anObject(system.database)]
    const member = await aSession(system.database, 'mia')
    const dispatcher = await aSession(system.database, 'dora', 'dispatcher')
    assert.equal(await statusOf(system.port, `/inbox/${bob.id}`), 401)
    assert.equal(await statusOf(system.port, `/inbox/${bob.id}`, 'bx_nonsense'), 401)
    assert.equal(await statusOf(system.port, `/inbox/${bob.id}`, member.token), 403)
    assert.equal(await statusOf(system.port, `/inbox/${bob.id}`, eve.token), 403)
    for (const id of ['999999', '99999999999999', 'x', '0', '-1', '%00'])
      assert.equal(await statusOf(system.port, `/inbox/${id}`, dispatcher.token), 404, id)
  })

  it('closes the sockets of a token that was replaced, and those of a removed object', async () => {
    const bob = await anObject(system.database)
    const socket = await open(bob)
    const token = (await issueInboxToken(system.db, bob.id, systemClock))!
    assert.equal((await socket.closed).code, 4001)
    assert.equal(await statusOf(system.port, `/inbox/${bob.id}`, bob.token), 401)
    const again = await open({ id: bob.id, token })
    await removeObject(system.db, bob.id, systemClock)
    assert.equal((await again.closed).code, 4001)
  })
})
