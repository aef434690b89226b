import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { Connections } from './connections.ts'

describe('the connections of a user of Kafka', () => {
  it('does not gather listeners on a connection that kafkajs lets go again and again', async () => {
    const connections = new Connections()
    const socket = open(connections, await findFreePort())
    await assert.rejects(once(socket, 'connect'), { code: 'ECONNREFUSED' })
    await once(socket, 'close')
    const before = socket.listenerCount('connect')
    for (let i = 0; i < 20; i++) socket.end().unref()
    assert.equal(socket.listenerCount('connect'), before)
  })

  it('cuts what is open, with an error, and opens no more', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const connections = new Connections()
    const socket = open(connections, port)
    await once(socket, 'connect')
    const failed = once(socket, 'error')
    connections.close()
    assert.match(String(await failed), /the client was closed/)
    assert.throws(() => open(connections, port), /the client was closed/)
    server.close()
  })
})

function open(connections: Connections, port: number): Socket {
  return connections.open({ host: '127.0.0.1', port, ssl: undefined as never, onConnect: () => undefined })
}
