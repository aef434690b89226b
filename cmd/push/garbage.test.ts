import assert from 'node:assert/strict'
import { connect as connectTcp } from 'node:net'
import { anObject, aSession, connect, startTestPush, statusOf, type TestPush } from './testing.ts'

const path = '/api/v1/stream'

describe('garbage from clients', () => {
  let system: TestPush
  let token: string
  before(async () => {
    system = await startTestPush()
    token = (await aSession(system.database, 'anna')).token
  })
  after(() => system.stop())
  afterEach('the process still serves', async () => assert.equal(await statusOf(system.port, path, token), 101))

  for (const [name, frame] of [
    ['text that is no JSON', 'hello'],
    ['an empty frame', ''],
    ['half an object', '{"type":'],
  ])
    it(`closes on ${name} with 4400`, async () => {
      const socket = await connect(system.port, path, token)
      socket.send(frame)
      assert.equal((await socket.closed).code, 4400)
    })

  it('closes on a binary frame with 4400', async () => {
    const socket = await connect(system.port, path, token)
    socket.ws.send(Buffer.from('{"type":"ping"}'))
    assert.equal((await socket.closed).code, 4400)
  })

  it('closes on a frame above 64 KiB with 1009', async () => {
    const socket = await connect(system.port, path, token)
    socket.ws.send(JSON.stringify({ type: 'ping', pad: 'x'.repeat(65 * 1024) }))
    assert.equal((await socket.closed).code, 1009)
  })

  it('cuts a frame of many megabytes', async () => {
    const socket = await connect(system.port, path, token)
    socket.ws.send('x'.repeat(8 * 1024 * 1024))
    assert.ok([1009, 1006].includes((await socket.closed).code))
  })

  for (const frame of [
    null,
    42,
    'text',
    [],
    [{ type: 'ping' }],
    {},
    { type: 'nonsense' },
    { type: 'ping', more: 1 },
    { type: 'read' },
    { type: 'read', conversation_id: '1', seq: 1 },
    { type: 'read', conversation_id: 1, seq: -1 },
    { type: 'read', conversation_id: 1e300, seq: 1 },
    { type: 'watch' },
    { type: 'watch', username: '' },
    { type: 'watch', username: 'a\u0000b' },
    { type: 'watch', username: "'; drop table accounts; --" },
    { type: 'watch', username: 'a\ud800' },
    { type: 'watch', username: 'x', conversation_id: 1 },
    { type: '__proto__' },
    JSON.parse('{"__proto__":{"type":"ping"}}'),
  ])
    it(`answers ${JSON.stringify(frame)} with an error and stays open`, async () => {
      const socket = await connect(system.port, path, token)
      socket.send(JSON.stringify(frame))
      const error = await socket.frame((f) => f.type === 'error', 'error')
      assert.ok(['invalid_frame', 'not_found'].includes(String(error.code)), String(error.code))
      socket.send({ type: 'ping' })
      await socket.frame((f) => f.type === 'pong', 'pong')
      socket.ws.terminate()
    })

  it('survives nesting of any depth', async () => {
    const socket = await connect(system.port, path, token)
    socket.send(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
    await socket.frame((f) => f.type === 'error', 'error')
    socket.ws.terminate()
  })

  it('ignores pongs that nobody asked for', async () => {
    const object = await anObject(system.database)
    const socket = await connect(system.port, `/inbox/${object.id}`, object.token)
    for (const payload of ['999999999', 'NaN', '-1', '', 'x'.repeat(100)]) socket.ws.pong(payload)
    socket.send({ type: 'ping' })
    await socket.frame((f) => f.type === 'pong', 'pong')
    assert.deepEqual(await system.db('inbox_marks').where({ object_id: object.id }), [])
    socket.ws.terminate()
  })

  for (const [name, bytes] of [
    ['bytes that are no HTTP', Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])],
    ['a request line without end', 'G'.repeat(100_000)],
    [
      'an upgrade without a key',
      `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    ],
    ['a POST', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`],
    ['a frame without a mask', `GET ${path}?ticket=%zz HTTP/1.1\r\nHost: x\r\n\r\n\u0081\u0005hello`],
  ] as const)
    it(`survives ${name}`, async () => {
      await new Promise<void>((resolve) => {
        const socket = connectTcp(system.port, '127.0.0.1', () => socket.end(bytes))
        socket.on('error', () => resolve()).on('close', () => resolve())
        socket.setTimeout(1500, () => socket.destroy())
        socket.resume()
      })
    })
})
