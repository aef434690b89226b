import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { waitFor } from '#internal/testing/wait-for'
import { createFront, type Front } from './front.ts'

describe('the front', () => {
  let push: WebSocketServer
  let front: Front
  let port: number
  const seen: { headers: NodeJS.Dict<string | string[]>; url: string | undefined }[] = []

  before(async () => {
    push = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    push.on('connection', (socket, { headers, url }) => {
      seen.push({ headers, url })
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
    })
    await once(push, 'listening')
    front = createFront({
      pushPort: (push.address() as AddressInfo).port,
      callback: (incoming, response) => void response.end(`api ${incoming.url}`),
    })
    port = await front.listen(0, '127.0.0.1')
  })
  after(async () => {
    front.destroy()
    await front.close(1000)
    push.close()
  })

  const open = async (options = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/stream?a=b`, options)
    await once(socket, 'open')
    return socket
  }

  it('answers plain requests by the api', async () => {
    const response = await fetch(`http://127.0.0.1:${port}/ping`)
    assert.equal(await response.text(), 'api /ping')
  })

  it('answers a request that merely offers another protocol', async () => {
    const asked = request({
      port,
      host: '127.0.0.1',
      path: '/x',
      headers: { connection: 'Upgrade', upgrade: 'h2c' },
    }).end()
    const [response] = await once(asked, 'response')
    response.resume()
    assert.equal(response.statusCode, 200)
  })

  it('passes a WebSocket to push with its path, the headers that matter and the address it came from', async () => {
    const socket = await open({
      headers: { Authorization: 'Bearer x', Cookie: 'y'.repeat(8000), 'X-Forwarded-For': '10.1.2.3' },
    })
    assert.equal(seen.at(-1)?.url, '/stream?a=b')
    assert.equal(seen.at(-1)?.headers.authorization, 'Bearer x')
    assert.equal(seen.at(-1)?.headers.cookie, undefined)
    assert.equal(seen.at(-1)?.headers['x-forwarded-for'], '10.1.2.3, 127.0.0.1')
    socket.close()
    await once(socket, 'close')
  })

  it('passes messages both ways unchanged, large ones too', async () => {
    const socket = await open()
    const large = Buffer.alloc(3_000_000, 'x')
    socket.send(large)
    const [back] = await once(socket, 'message')
    assert.ok(large.equals(back))
    socket.close()
    await once(socket, 'close')
  })

  it('passes the close code of either side on', async () => {
    const socket = await open()
    for (const client of push.clients) client.close(1012, 'restart')
    const [code, reason] = await once(socket, 'close')
    assert.equal(code, 1012)
    assert.equal(String(reason), 'restart')

    const other = await open()
    const [atPush] = [...push.clients].slice(-1)
    other.close(4001)
    const [codeAtPush] = await once(atPush!, 'close')
    assert.equal(codeAtPush, 4001)
  })

  it('keeps no connection to push when the client breaks off', async () => {
    const socket = await open()
    socket.terminate()
    await waitFor(() => push.clients.size === 0, { what: 'push to lose the client' })
  })

  it('ends the client when push breaks off', async () => {
    const socket = await open()
    for (const client of push.clients) client.terminate()
    const [code] = await once(socket, 'close')
    assert.equal(code, 1006)
  })

  it('answers 503 while push cannot be reached', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const { port: dead } = closed.address() as AddressInfo
    closed.close()
    await once(closed, 'close')
    const alone = createFront({ pushPort: dead, callback: () => undefined })
    const alonePort = await alone.listen(0, '127.0.0.1')
    const socket = new WebSocket(`ws://127.0.0.1:${alonePort}/stream`)
    const [error] = await once(socket, 'error')
    assert.match(error.message, /503/)
    await alone.close(1000)
    alone.destroy()
  })

  it('refuses what is no WebSocket request of version 13 itself', async () => {
    const status = async (head: string) => {
      const client = connect(port, '127.0.0.1')
      client.write(`${head}\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      const [answer] = await once(client.setEncoding('latin1'), 'data')
      client.destroy()
      return Number(answer.slice(9, 12))
    }
    const key = 'Sec-WebSocket-Key: k'
    assert.equal(await status('GET /s HTTP/1.1'), 400)
    assert.equal(await status(`GET /s HTTP/1.0\r\n${key}\r\nSec-WebSocket-Version: 13`), 400)
    assert.equal(await status(`GET /s HTTP/1.1\r\n${key}\r\nSec-WebSocket-Version: 8`), 426)
    const long = `Authorization: Bearer ${'x'.repeat(5000)}`
    assert.equal(await status(`GET /s HTTP/1.1\r\n${key}\r\nSec-WebSocket-Version: 13\r\n${long}`), 431)
  })

  it('lets bytes through that follow the request at once, and a half-closed side read the answer', async () => {
    const received: Buffer[] = []
    const upstream: Server = createTcpServer({ allowHalfOpen: true }, (socket: Socket) => {
      socket.on('data', (chunk) => received.push(chunk))
      socket.on('end', () => socket.end('last words'))
    }).listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    const raw = createFront({ pushPort: (upstream.address() as AddressInfo).port, callback: () => undefined })
    const client = connect(await raw.listen(0, '127.0.0.1'), '127.0.0.1')
    client.end(
      'GET /s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: k\r\n\r\nearly bytes',
    )
    const answer = await client.setEncoding('utf8').toArray()
    assert.equal(answer.join(''), 'last words')
    assert.match(Buffer.concat(received).toString(), /^GET \/s HTTP\/1\.1\r\nHost: a\r\n[\s\S]*\r\n\r\nearly bytes$/)
    await raw.close(1000)
    raw.destroy()
    upstream.close()
  })

  it('lets a running request finish when it closes', async () => {
    const slow = createFront({
      pushPort: 1,
      callback: (_, response) => void setTimeout(() => response.end('done'), 50),
    })
    const slowPort = await slow.listen(0, '127.0.0.1')
    const answer = fetch(`http://127.0.0.1:${slowPort}/`).then((response) => response.text())
    await waitFor(async () => slow.running() === 1, { what: 'the request to run' })
    await slow.close(2000)
    assert.equal(await answer, 'done')
    await assert.rejects(fetch(`http://127.0.0.1:${slowPort}/`))
    slow.destroy()
  })
})
