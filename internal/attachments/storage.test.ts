import assert from 'node:assert/strict'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { ConfigError, readConfig } from '#internal/config/read'
import { silentLog } from '#internal/telemetry/log'
import { createStorage, storageSettings } from './storage.ts'

const create = (env: Record<string, string>) => createStorage(readConfig(env, storageSettings), silentLog)

describe('the storage of attachments', () => {
  const complete = {
    BELFRY_ATTACHMENTS_S3_URL: 'http://127.0.0.1:9',
    BELFRY_ATTACHMENTS_S3_BUCKET: 'b',
    BELFRY_ATTACHMENTS_S3_KEY: 'k',
    BELFRY_ATTACHMENTS_S3_SECRET: 's',
  }

  it('is PostgreSQL unless an S3-compatible service is configured', () => {
    assert.equal(create({}).isExternal, false)
    assert.equal(create(complete).isExternal, true)
  })
  it('is refused when it is configured in part', () => {
    for (const name of Object.keys(complete)) {
      const { [name]: _, ...partly } = complete as Record<string, string>
      assert.throws(
        () => create(partly),
        (error) => error instanceof ConfigError && error.problems.length === 1 && error.problems[0]!.includes(name),
      )
    }
    for (const url of ['s3.example.com', 'ftp://x', ''])
      assert.throws(() => create({ ...complete, BELFRY_ATTACHMENTS_S3_URL: url }), ConfigError)
  })

  describe('at a service that misbehaves', () => {
    let server: Server
    let sockets: Socket[]
    let answer: (socket: Socket) => void
    beforeEach(async () => {
      sockets = []
      server = createServer((socket) => {
        sockets.push(socket)
        socket.on('error', () => undefined).once('data', () => answer(socket))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    })
    afterEach(async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    const storage = () => {
      const { port } = server.address() as AddressInfo
      return create({ ...complete, BELFRY_ATTACHMENTS_S3_URL: `http://127.0.0.1:${port}` })
    }
    const object = { id: 1, size: 10, object_key: 'attachments/x' }
    const unavailable = { code: 'storage_unavailable', kind: 'unavailable', retryAfter: 5 }
    // Nothing here touches the database.
    const noDb = undefined as never

    it('that never answers, gives up within seconds', async () => {
      answer = () => undefined
      const started = performance.now()
      const one = storage()
      await Promise.all([
        assert.rejects(one.read(noDb, object), unavailable),
        assert.rejects(one.remove('attachments/x'), unavailable),
      ])
      assert.ok(performance.now() - started < 10_000)
    })
    it('that cuts the connection or talks nonsense, says that it is unavailable', async () => {
      for (const reply of [
        '',
        'HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n',
        'hello\r\n\r\n',
        'HTTP/1.1 307 X\r\n\r\n',
      ]) {
        answer = (socket) => socket.end(reply)
        await assert.rejects(storage().read(noDb, object), unavailable, reply)
      }
    })
    it('that stops in the middle, does not pass for a whole file', async () => {
      answer = (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')
      const stream = await storage().read(noDb, object)
      await assert.rejects(buffer(stream))
    })
    it('that takes its time over the bytes, is waited for', async () => {
      answer = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf ')
        setTimeout(() => socket.write('later'), 5500)
      }
      assert.equal((await buffer(await storage().read(noDb, object))).toString(), 'half later')
    })
  })
})
