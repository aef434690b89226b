import assert from 'node:assert/strict'
import type { ClientOptions } from 'ws'
import { emit } from '#internal/log/outbox'
import { waitFor } from '#internal/testing/wait-for'
import { type ConversationsKit, conversationsKit, type Person } from './kit.test.ts'
import { connect, startTestPush, type TestPush, type TestSocket } from './testing.ts'

const path = '/api/v1/stream'

describe('receipts of messages', () => {
  let system: TestPush
  let kit: ConversationsKit
  let olga: Person
  before(async () => {
    system = await startTestPush({ BELFRY_RING_MB: '1' })
    kit = conversationsKit(system.database)
    olga = await kit.person('olga')
  })
  after(() => system.stop())

  const open = async (person: Person, cursor?: number, options?: ClientOptions) => {
    const query = cursor === undefined ? '' : `?cursor=${cursor}`
    const socket = await connect(system.port, path + query, person.token, options)
    await socket.frame((f) => f.type === 'live', 'live')
    return socket
  }
  const posts = async (id: number, bodies: string[]) => {
    for (const body of bodies) await kit.post(olga, id, body)
  }
  const until = (socket: TestSocket, body: string) =>
    socket.frame((f) => (f.data as { body?: string } | undefined)?.body === body, body)
  /** Seqs that have a receipt of the kind; each must be there once. */
  async function seqs(person: Person, id: number, kind: 'delivered' | 'read' = 'delivered'): Promise<number[]> {
    const rows = await system.db('receipts').where({ account_id: person.id, conversation_id: id, kind })
    const found = rows.flatMap(({ after_seq, up_to_seq }) =>
      Array.from({ length: up_to_seq - after_seq }, (_, i) => after_seq + 1 + i),
    )
    assert.equal(new Set(found).size, found.length)
    return found.toSorted((a: number, b: number) => a - b)
  }
  const untilDelivered = (person: Person, id: number, seq: number) =>
    waitFor(async () => (await seqs(person, id)).includes(seq), { what: `a receipt of ${seq}` })

  it('come by themselves for what a connection was sent, and for nothing older', async () => {
    const [anna, bert] = [await kit.person(), await kit.person()]
    const id = await kit.topic(olga)
    for (const each of [anna, bert]) await kit.join(each, id)
    const other = await open(bert)
    await posts(id, ['1', '2'])
    // In the same second, what others have got counts for nobody else.
    await until(other, '2')
    const socket = await open(anna)
    await posts(id, ['3', '4'])
    await kit.post(anna, id, '5')
    await untilDelivered(anna, id, 5)
    assert.deepEqual(await seqs(anna, id), [3, 4, 5])
    await posts(id, ['6'])
    await untilDelivered(anna, id, 6)
    assert.deepEqual(await seqs(anna, id), [3, 4, 5, 6])
    const delays = (await system.db('receipts').where({ account_id: anna.id })).map(
      ({ at }) => Date.now() - at.getTime(),
    )
    assert.ok(delays.every((ms) => ms >= 0 && ms < 20_000))
    for (const each of [socket, other]) each.ws.terminate()
  })

  it('come while one is caught up, also when one never gets to the end', async function () {
    this.timeout(60_000)
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const cursor = await kit.allInLog()
    // More than the buffers between here and there hold.
    for (let i = 1; i <= 300; i++) await posts(id, [`${i} ${'x'.repeat(50_000)}`])
    await kit.allInLog()
    const socket = await connect(system.port, `${path}?cursor=${cursor}`, anna.token)
    socket.ws.on('message', () => socket.frames.length >= 40 && socket.ws.pause())
    await untilDelivered(anna, id, 1)
    socket.ws.terminate()
    assert.ok(!socket.frames.some((f) => f.type === 'live'))
    const got = Math.max(...(await seqs(anna, id)))
    assert.ok(got < 300 && got <= socket.positions().length)
  })

  it('cover what was caught up after the cursor, page by page, from the table and from memory', async () => {
    const anna = await kit.person()
    const [id, other] = [await kit.topic(olga), await kit.topic(olga)]
    await kit.join(anna, id)
    await kit.join(anna, other)
    await posts(id, ['1'])
    const cursor = await kit.allInLog()
    for (let i = 2; i <= 30; i++) await posts(id, [`${i} ${'x'.repeat(20_000)}`])
    await posts(other, ['there 1', 'there 2'])
    await posts(
      id,
      Array.from({ length: 230 }, (_, i) => `${i + 31}`),
    )
    await kit.allInLog()
    const socket = await open(anna, cursor)
    await untilDelivered(anna, id, 260)
    await untilDelivered(anna, other, 2)
    assert.deepEqual(
      await seqs(anna, id),
      Array.from({ length: 259 }, (_, i) => i + 2),
    )
    assert.deepEqual(await seqs(anna, other), [1, 2])
    socket.ws.terminate()
  })

  it('are of the first of two devices, once', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const cursor = await kit.allInLog()
    const [one, two] = [await open(anna), await open(anna)]
    await posts(id, ['1', '2'])
    await until(two, '2')
    await untilDelivered(anna, id, 2)
    const three = await open(anna, cursor)
    await posts(id, ['3'])
    await untilDelivered(anna, id, 3)
    assert.deepEqual(await seqs(anna, id), [1, 2, 3])
    for (const socket of [one, two, three]) socket.ws.terminate()
  })

  it('need the pong: without one, nothing is delivered', async () => {
    const [anna, bert] = [await kit.person(), await kit.person()]
    const id = await kit.topic(olga)
    for (const each of [anna, bert]) await kit.join(each, id)
    const [silent, other] = [await open(anna, undefined, { autoPong: false }), await open(bert)]
    await posts(id, ['1'])
    await until(silent, '1')
    await untilDelivered(bert, id, 1)
    // A pong that answers nothing, or something that was never asked, proves nothing.
    for (const payload of ['', '0', '-1', 'x', '999999999', '1e3']) silent.ws.pong(payload)
    await posts(id, ['2'])
    await untilDelivered(bert, id, 2)
    assert.deepEqual(await seqs(anna, id), [])
    for (const socket of [silent, other]) socket.ws.terminate()
  })

  it('are not for watchers, nor for what came before one joined while it watched', async () => {
    const [wim, bert] = [await kit.person(), await kit.person()]
    const id = await kit.topic(olga)
    await kit.join(bert, id)
    const [watching, member] = [await open(wim), await open(bert)]
    watching.send({ type: 'watch', conversation_id: id })
    watching.send({ type: 'watch', username: 'nobody' })
    await watching.frame((f) => f.type === 'error', 'the watch to be handled')
    await posts(id, ['1', '2'])
    await untilDelivered(bert, id, 2)
    await kit.join(wim, id)
    await posts(id, ['3'])
    await untilDelivered(wim, id, 3)
    assert.deepEqual(await seqs(wim, id), [3])
    for (const socket of [watching, member]) socket.ws.terminate()
  })

  it('are of one stay in the conversation, also when it was left and joined again between two pings', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const socket = await open(anna)
    await posts(id, ['1'])
    await kit.leave(anna, id)
    await posts(id, ['2', '3'])
    await kit.join(anna, id)
    await posts(id, ['4'])
    await untilDelivered(anna, id, 4)
    const delivered = await seqs(anna, id)
    assert.deepEqual(
      delivered.filter((seq) => seq > 1),
      [4],
    )
    socket.ws.terminate()
  })

  it('are asked for once more before the process goes away', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const { port, stop } = await system.push()
    const socket = await connect(port, path, anna.token)
    await socket.frame((f) => f.type === 'live', 'live')
    await posts(id, ['1'])
    await until(socket, '1')
    await stop()
    assert.equal((await socket.closed).code, 1012)
    await untilDelivered(anna, id, 1)
  })

  it('tell everybody in a direct conversation, of deliveries and of reads', async () => {
    const anna = await kit.person()
    const id = await kit.direct(olga, anna)
    const [hers, mine] = [await open(anna), await open(olga)]
    await posts(id, ['1', '2'])
    const advanced = (kind: string) =>
      mine.frame((f) => {
        const data = f.data as { kind?: string; username?: string; up_to_seq?: number } | undefined
        return (
          f.event === 'receipt.advanced' &&
          data?.kind === kind &&
          data.username === anna.username &&
          data.up_to_seq === 2
        )
      }, kind)
    assert.equal((await advanced('delivered')).scope, `conversation:${id}`)
    hers.send({ type: 'read', conversation_id: id, seq: 2 })
    const { data } = await advanced('read')
    assert.deepEqual(
      { ...(data as object), at: undefined },
      { conversation_id: id, username: anna.username, kind: 'read', after_seq: 0, up_to_seq: 2, at: undefined },
    )
    for (const socket of [hers, mine]) socket.ws.terminate()
  })

  it('of reads by a frame are confirmed by the event that they cause; who is no member is told so', async () => {
    const [anna, eve] = [await kit.person(), await kit.person()]
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    await posts(id, ['1', '2', '3'])
    const [phone, laptop, stranger] = [await open(anna), await open(anna), await open(eve)]
    phone.send({ type: 'read', conversation_id: id, seq: 2 })
    for (const device of [phone, laptop]) {
      const { scope, data } = await device.frame((f) => f.event === 'receipt.advanced', 'the receipt')
      assert.equal(scope, `account:${anna.id}`)
      assert.equal((data as { up_to_seq: number }).up_to_seq, 2)
    }
    stranger.send({ type: 'read', conversation_id: id, seq: 2 })
    assert.equal((await stranger.frame((f) => f.type === 'error', 'error')).code, 'not_found')
    phone.send({ type: 'read', conversation_id: id, seq: 1 })
    phone.send({ type: 'read', conversation_id: id, seq: 4000 })
    phone.send({ type: 'read', conversation_id: id, seq: 3 })
    await waitFor(async () => (await seqs(anna, id, 'read')).length === 3, { what: 'the third' })
    assert.deepEqual(await seqs(anna, id, 'read'), [1, 2, 3])
    assert.deepEqual(await seqs(eve, id, 'read'), [])
    for (const socket of [phone, laptop, stranger]) socket.ws.terminate()
  })

  it('survive a message that is not like the others', async () => {
    const anna = await kit.person()
    const id = await kit.topic(olga)
    await kit.join(anna, id)
    const socket = await open(anna)
    await system.db.transaction((trx) =>
      emit(trx, [{ scope: `conversation:${id}`, event: 'message.posted', data: { conversation_id: id } }], new Date()),
    )
    await posts(id, ['1'])
    await untilDelivered(anna, id, 1)
    socket.ws.terminate()
  })
})
