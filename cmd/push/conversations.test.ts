import assert from 'node:assert/strict'
import { emit } from '#internal/log/outbox'
import { waitFor } from '#internal/testing/wait-for'
import { type ConversationsKit, conversationsKit, type Person } from './kit.test.ts'
import { connect, type Frame, startTestPush, type TestPush, type TestSocket } from './testing.ts'

const path = '/api/v1/stream'

/** What somebody reads in a conversation: bodies of messages, and who came and went. */
function story(frames: Frame[]): string[] {
  return frames.flatMap(({ event, data }) => {
    if (event === 'message.posted') return [(data as { body: string }).body]
    return event === 'conversation.joined' ? ['joined'] : event === 'conversation.left' ? ['left'] : []
  })
}

describe('conversations on the stream', () => {
  let system: TestPush
  let kit: ConversationsKit
  let olga: Person
  before(async () => {
    system = await startTestPush({ BELFRY_RING_MB: '1' })
    kit = conversationsKit(system.database)
    olga = await kit.person('olga')
  })
  after(() => system.stop())

  const open = async (person: Person, cursor?: number, port = system.port) => {
    const socket = await connect(port, cursor === undefined ? path : `${path}?cursor=${cursor}`, person.token)
    await socket.frame((f) => f.type === 'live', 'live')
    return socket
  }
  /** Waits until the client has everything that there is. */
  const settle = async (socket: TestSocket, person: Person) => {
    const n = Math.random()
    await system.db.transaction((trx) =>
      emit(trx, [{ scope: `account:${person.id}`, event: 'status.set', data: { n } }], new Date()),
    )
    await socket.frame((f) => (f.data as { n?: number } | undefined)?.n === n, 'the last event')
    return story(socket.frames)
  }
  const together = (work: (trx: TestPush['db']) => Promise<void>) => system.db.transaction(work)
  /** Events that push the ones before them out of memory. */
  const flush = async () => {
    const data = { pad: 'x'.repeat(100_000) }
    for (let i = 0; i < 15; i++)
      await system.db.transaction((trx) => emit(trx, [{ scope: 'account:0', event: 'status.set', data }], new Date()))
    return kit.allInLog()
  }

  it('are for their members alone, live and after the cursor', async () => {
    const [anna, eve] = [await kit.person(), await kit.person()]
    const id = await kit.topic(olga, 'private')
    await kit.add(anna, id)
    const cursor = await kit.allInLog()
    const [in1, out] = [await open(anna), await open(eve)]
    await kit.post(olga, id, 'one')
    await kit.post(anna, id, 'two')
    assert.deepEqual(await settle(in1, anna), ['one', 'two'])
    assert.deepEqual(await settle(out, eve), [])
    const [late, lateOut] = [await open(anna, cursor), await open(eve, cursor)]
    assert.deepEqual(await settle(late, anna), ['one', 'two'])
    assert.deepEqual(await settle(lateOut, eve), [])
    for (const socket of [in1, out, late, lateOut]) socket.ws.terminate()
  })

  it('begin and end exactly where the log says, also within one batch', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    const other = await kit.topic(olga)
    await kit.join(anna, other)
    const cursor = await kit.allInLog()
    const socket = await open(anna)
    await together(async (trx) => {
      await kit.post(olga, id, 'before', trx)
      await kit.join(anna, id, trx)
      await kit.post(olga, id, 'inside', trx)
      await kit.post(olga, other, 'elsewhere', trx)
      await kit.leave(anna, id, trx)
      await kit.post(olga, id, 'between', trx)
      await kit.join(anna, id, trx)
      await kit.post(olga, id, 'again', trx)
    })
    await kit.post(olga, id, 'later')
    const seen = ['joined', 'inside', 'elsewhere', 'left', 'joined', 'again', 'later']
    assert.deepEqual(await settle(socket, anna), seen)
    const fromMemory = await open(anna, cursor)
    assert.deepEqual(await settle(fromMemory, anna), seen)
    await flush()
    const fromTable = await open(anna, cursor)
    assert.deepEqual(await settle(fromTable, anna), seen)
    assert.deepEqual(socket.positions().slice(0, -1), fromTable.positions().slice(0, socket.positions().length - 1))
    for (const each of [socket, fromMemory, fromTable]) each.ws.terminate()
  })

  for (const way of ['memory', 'the table'])
    it(`are out of sight, from ${way}, to who was removed while away, but for the fact itself`, async () => {
      const anna = await kit.person()
      const [known, fresh] = [await kit.topic(olga, 'private'), await kit.topic(olga, 'private')]
      await kit.add(anna, known)
      const cursor = await kit.allInLog()
      await kit.post(olga, known, 'while a member')
      await kit.add(anna, fresh)
      await kit.post(olga, fresh, 'while a member')
      await kit.remove(olga, known, anna)
      await kit.remove(olga, fresh, anna)
      await kit.post(olga, known, 'after')
      if (way === 'the table') await flush()
      const socket = await open(anna, cursor)
      assert.deepEqual(await settle(socket, anna), ['left', 'left'])
      await kit.add(anna, known)
      await kit.post(olga, known, 'back')
      assert.deepEqual(await settle(socket, anna), ['left', 'left', 'joined', 'back'])
      const again = await open(anna, cursor)
      assert.deepEqual(await settle(again, anna), ['while a member', 'left', 'left', 'joined', 'back'])
      for (const each of [socket, again]) each.ws.terminate()
    })

  it('end for everybody when the topic is deleted', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const cursor = await kit.allInLog()
    const socket = await open(anna)
    await kit.post(olga, id, 'last words')
    await kit.delete(olga, id)
    assert.deepEqual(await settle(socket, anna), ['last words', 'left'])
    await socket.frame((f) => f.event === 'topic.deleted' && (f.data as { id: number }).id === id, 'topic.deleted')
    const late = await open(anna, cursor)
    assert.deepEqual(await settle(late, anna), ['left'])
    for (const each of [socket, late]) each.ws.terminate()
  })

  it('are found from a cursor that is ahead of this process, and after a reset', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const ahead = await open(anna, 999_999_999)
    assert.ok(ahead.frames.some((f) => f.type === 'reset'))
    await kit.post(olga, id, 'after the reset')
    assert.deepEqual(await settle(ahead, anna), ['after the reset'])
    ahead.ws.terminate()
  })

  it('hold a client back from going live until this process has seen what the tables know', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga, 'private')
    await kit.add(anna, id)
    const cursor = await kit.allInLog()
    // Nothing gets from the outbox into the log.
    const relayStops = await system.db.transaction()
    await relayStops.raw('lock table log_head in share mode')
    await kit.post(olga, id, 'while a member')
    await kit.remove(olga, id, anna)
    const socket = await connect(system.port, `${path}?cursor=${cursor}`, anna.token)
    await socket.frame((f) => f.type === 'hello', 'hello')
    socket.send({ type: 'ping' })
    await socket.frame((f) => f.type === 'pong', 'pong')
    assert.deepEqual(
      socket.frames.map((f) => f.type),
      ['hello', 'pong'],
    )
    await relayStops.commit()
    await socket.frame((f) => f.type === 'live', 'live')
    await kit.post(olga, id, 'after')
    assert.deepEqual(await settle(socket, anna), ['left'])
    socket.ws.terminate()
  })
})

describe('topics that are watched', () => {
  let system: TestPush
  let kit: ConversationsKit
  let olga: Person
  let wim: Person
  let socket: TestSocket
  before(async () => {
    system = await startTestPush()
    kit = conversationsKit(system.database)
    olga = await kit.person('olga')
    wim = await kit.person('wim')
  })
  after(() => system.stop())
  beforeEach(async () => {
    socket = await connect(system.port, path, wim.token)
    await socket.frame((f) => f.type === 'live', 'live')
  })
  afterEach(() => socket.ws.terminate())

  const send = async (type: 'watch' | 'unwatch', conversation_id: number) => {
    socket.send({ type, conversation_id })
    // Frames that need a look-up are answered in turn.
    const errors = () => socket.frames.filter((f) => f.type === 'error' && /account/.test(String(f.detail))).length
    const before = errors()
    socket.send({ type: 'watch', username: 'nobody' })
    await waitFor(() => errors() > before, { what: 'the frame to be handled' })
  }
  const refused = () => socket.frames.filter((f) => f.type === 'error' && /conversation/.test(String(f.detail))).length
  const read = async () => {
    const marker = await kit.topic(olga)
    await socket.frame((f) => f.event === 'topic.created' && (f.data as { id: number }).id === marker, 'the marker')
    return story(socket.frames)
  }

  it('are followed without joining, until they are not', async () => {
    const id = await kit.topic(olga)
    await send('watch', id)
    await kit.post(olga, id, 'one')
    assert.deepEqual(await read(), ['one'])
    await send('unwatch', id)
    await kit.post(olga, id, 'two')
    assert.deepEqual(await read(), ['one'])
    assert.equal(refused(), 0)
  })

  it('are public ones that exist', async () => {
    const hidden = await kit.topic(olga, 'private')
    const gone = await kit.topic(olga)
    await kit.delete(olga, gone)
    for (const id of [hidden, gone, 999_999, await kit.direct(olga, await kit.person())]) await send('watch', id)
    assert.equal(refused(), 4)
    await kit.post(olga, hidden, 'secret')
    assert.deepEqual(await read(), [])
  })

  it('are closed to watchers, not to members, when they become private or are deleted', async () => {
    const [id, mine, deleted] = [await kit.topic(olga), await kit.topic(olga), await kit.topic(olga)]
    for (const each of [id, mine, deleted]) await send('watch', each)
    await kit.join(wim, mine)
    await system.db.transaction(async (trx) => {
      for (const each of [id, mine]) {
        await kit.change(olga, each, 'private', trx)
        await kit.post(olga, each, `in ${each === id ? 'another' : 'mine'}`, trx)
      }
    })
    await kit.delete(olga, deleted)
    assert.deepEqual(await read(), ['joined', 'in mine'])
    await kit.remove(olga, mine, wim)
    await kit.post(olga, mine, 'after')
    assert.deepEqual(await read(), ['joined', 'in mine', 'left'])
  })

  it('stay open to who joins and unwatches, and to who watches and leaves', async () => {
    const id = await kit.topic(olga)
    await send('watch', id)
    await kit.join(wim, id)
    await send('unwatch', id)
    await kit.post(olga, id, 'as a member')
    await send('watch', id)
    await kit.leave(wim, id)
    await kit.post(olga, id, 'as a watcher')
    assert.deepEqual(await read(), ['joined', 'as a member', 'left', 'as a watcher'])
    await send('unwatch', id)
    await kit.post(olga, id, 'as nobody')
    assert.equal((await read()).length, 4)
  })

  it('are not left open by a look-up that is older than the withdrawal', async () => {
    for (let round = 0; round < 20; round++) {
      const id = await kit.topic(olga)
      socket.send({ type: 'watch', conversation_id: id })
      await kit.change(olga, id, 'private')
      await kit.post(olga, id, 'secret')
    }
    assert.deepEqual(await read(), [])
  })
})
