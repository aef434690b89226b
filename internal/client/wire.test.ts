import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket as Peer, WebSocketServer } from 'ws'
import { waitFor } from '#internal/testing/wait-for'
import { openInbox, type StreamOptions } from './index.ts'
import { type RecordedStream, recordStream } from './testing.ts'

/** A server that does what Belfry rarely does, or never. */
async function startWire(connected: (peer: Peer, number: number) => void, request?: RequestListener) {
  const server = createServer(request ?? ((_, response) => response.writeHead(503).end()))
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'belfry.v1' })
  const dials: { at: number; url: string }[] = []
  let answers = true
  server.on('upgrade', (upgrade, socket, head) => {
    dials.push({ at: Date.now(), url: upgrade.url! })
    if (request) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    if (!answers) return void socket.on('end', () => socket.destroy()).resume()
    sockets.handleUpgrade(upgrade, socket, head, (peer) => connected(peer, dials.length))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dials,
    /** Leaves who dials without an answer. */
    fallSilent: () => (answers = false),
    open: () => sockets.clients.size,
    /** TCP connections, whatever they are. */
    connections: () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
    stop() {
      for (const peer of sockets.clients) peer.terminate()
      server.close()
      server.closeAllConnections()
    },
  }
}

type Wire = Awaited<ReturnType<typeof startWire>>

const say = (peer: Peer, frame: object) => peer.send(JSON.stringify(frame))
const event = (position: number, by = '') => ({
  type: 'event',
  position,
  scope: 'topics',
  event: 'x',
  at: 'now',
  data: by,
})
function greet(peer: Peer, position = 0) {
  say(peer, { type: 'hello', position, resumed: false })
  say(peer, { type: 'live', position })
}

describe('the client on the wire', () => {
  let wire: Wire
  let opened: RecordedStream[] = []
  afterEach(() => {
    for (const { stream } of opened) stream.close()
    opened = []
    wire.stop()
  })

  function open(options: Partial<StreamOptions> = {}): RecordedStream {
    const recorded = recordStream({ url: wire.url, token: 'secret', ...options })
    opened.push(recorded)
    return recorded
  }

  it('asks for its place under the base URL that it was given', async () => {
    wire = await startWire((peer) => greet(peer))
    open({ url: `${wire.url}/belfry/`, cursor: 7 })
    const inbox = openInbox({ url: `${wire.url}/belfry`, objectId: 3, token: 'secret', onAlert: () => undefined })
    await waitFor(() => wire.dials.length === 2, { what: 'both' })
    inbox.close()
    assert.deepEqual(wire.dials.map(({ url }) => url).toSorted(), ['/belfry/api/v1/stream?cursor=7', '/belfry/inbox/3'])
  })

  it('stays away as long as a server that restarts has asked for', async () => {
    wire = await startWire((peer, number) => {
      greet(peer)
      if (number === 1) peer.close(1012, '{"reconnect_after_ms":1200}')
    })
    const recorded = open()
    await recorded.until('waiting')
    const ms = recorded.stream.state.retryAt! - Date.now()
    assert.ok(ms > 1100 && ms <= 1700, String(ms))
    await waitFor(() => wire.dials.length === 2, { what: 'the second dial' })
    assert.ok(wire.dials[1]!.at - wire.dials[0]!.at >= 1200)
  })

  it('takes no notice of what it does not know, and of positions that it has', async () => {
    wire = await startWire((peer) => {
      greet(peer, 5)
      for (const text of ['nonsense', 'null', '7', '[]', '{}', '{"type":"later","position":99}', '{"type":"event"}'])
        peer.send(text)
      peer.send(Buffer.from(JSON.stringify(event(98))))
      for (const position of [4, 5, 6, 6, 7]) say(peer, event(position))
    })
    const recorded = open()
    await waitFor(() => recorded.stream.cursor === 7, { what: 'the last event' })
    assert.deepEqual(
      recorded.events.map(({ position }) => position),
      [6, 7],
    )
  })

  it('hears nothing of a socket that it has left', async () => {
    const peers: Peer[] = []
    wire = await startWire((peer, number) => {
      peers.push(peer)
      if (number === 2) greet(peer)
    })
    const recorded = open()
    await waitFor(() => peers.length === 1, { what: 'the first socket' })
    recorded.stream.reconnect()
    for (const position of [1, 2, 3]) say(peers[0]!, event(position, 'old'))
    await recorded.until('live')
    peers[0]!.close(4001)
    for (const position of [1, 2, 3]) say(peers[1]!, event(position, 'new'))
    await waitFor(() => recorded.events.length === 3, { what: 'three events' })
    assert.ok(recorded.events.every(({ data }) => data === 'new'))
    assert.equal(recorded.stream.state.phase, 'live')
  })

  it('is not live by what an earlier socket said', async () => {
    const peers: Peer[] = []
    wire = await startWire((peer) => {
      peers.push(peer)
      say(peer, { type: 'hello', position: 0, resumed: true })
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    const recorded = open({ cursor: 0, onEvent: () => promise })
    await waitFor(() => peers.length === 1, { what: 'the first socket' })
    say(peers[0]!, event(1))
    say(peers[0]!, { type: 'live', position: 1 })
    peers[0]!.close(1011)
    await waitFor(() => peers.length === 2, { what: 'the second socket' })
    await recorded.until('catching-up')
    resolve()
    await waitFor(() => recorded.stream.cursor === 1, { what: 'the event to be dealt with' })
    say(peers[1]!, event(2))
    await waitFor(() => recorded.events.length === 2, { what: 'the next event' })
    assert.ok(!recorded.phases().includes('live'))
    say(peers[1]!, { type: 'live', position: 2 })
    await recorded.until('live')
  })

  it('connects without a cursor as long as there was no hello, and then with it', async () => {
    wire = await startWire((peer, number) => {
      if (number > 1) greet(peer, 40)
      if (number < 3) peer.close(1011)
    })
    const hellos: number[] = []
    const recorded = open({ onHello: (position) => void hellos.push(position) })
    await waitFor(() => wire.dials.length === 3, { what: 'the third dial' })
    await recorded.until('live')
    assert.deepEqual(
      wire.dials.map(({ url }) => url.split('?')[1]),
      [undefined, undefined, 'cursor=40'],
    )
    assert.deepEqual(hellos, [40])
  })

  for (const [code, reason] of [
    [4001, 'session'],
    [4003, 'forbidden'],
    [4400, 'client'],
    [1009, 'client'],
  ] as const) {
    it(`ends on ${code}`, async () => {
      wire = await startWire((peer) => peer.close(code))
      const recorded = open()
      await recorded.until('ended')
      assert.equal(recorded.stream.state.reason, reason)
      assert.equal(wire.dials.length, 1)
    })
  }

  it('hands nothing over after the end', async () => {
    wire = await startWire((peer) => {
      greet(peer)
      for (const position of [1, 2]) say(peer, event(position))
      peer.close(4001)
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    const recorded = open({ cursor: 0, onEvent: () => promise })
    await recorded.until('ended')
    resolve()
    await waitFor(() => recorded.events.length === 1, { what: 'the handler to return' })
    await new Promise(setImmediate)
    assert.deepEqual([recorded.events.length, recorded.stream.cursor], [1, 0])
  })

  it('dials at once on request also while it asks why it was refused', async () => {
    let asked = false
    wire = await startWire(
      () => undefined,
      () => (asked = true),
    )
    const recorded = open()
    await waitFor(() => asked, { what: 'the question' })
    asked = false
    recorded.stream.reconnect()
    await waitFor(() => asked, { what: 'the next question' })
    assert.deepEqual([wire.dials.length, recorded.states], [2, []])
  })

  it('goes on when it is a proxy that refuses, and not Belfry', async () => {
    let status = 401
    wire = await startWire(
      () => undefined,
      (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('no'),
    )
    const recorded = open()
    for (status of [401, 403, 404]) {
      const { length } = wire.dials
      await waitFor(() => wire.dials.length === length + 1, { what: 'another try' })
    }
    await recorded.until('waiting')
  })

  describe('after close()', () => {
    const cases: Record<string, (recorded: RecordedStream) => Promise<unknown>> = {
      'at once': async () => undefined,
      'while it dials': async () => {
        wire.fallSilent()
        await waitFor(() => wire.dials.length === 1, { what: 'the dial' })
      },
      'while it catches up': (recorded) => recorded.until('catching-up'),
      'while it is live': async (recorded) => {
        await waitFor(() => recorded.stream.state.phase === 'live', { what: 'live' })
      },
      'while it waits': async (recorded) => {
        await recorded.until('live')
        wire.stop()
        await recorded.until('waiting')
      },
    }
    for (const [when, reach] of Object.entries(cases)) {
      it(`${when} nothing is called and nothing is left open`, async () => {
        const late = when === 'while it catches up'
        wire = await startWire((peer) =>
          late ? say(peer, { type: 'hello', position: 0, resumed: false }) : greet(peer),
        )
        const saves: number[] = []
        const recorded = open({ cursor: { load: () => 0, save: (cursor) => void saves.push(cursor) } })
        await reach(recorded)
        const told = [recorded.states.length, saves.length]
        recorded.stream.close()
        assert.equal(recorded.stream.state.phase, 'ended')
        assert.equal(recorded.stream.state.reason, undefined)
        recorded.stream.reconnect()
        await waitFor(async () => (await wire.connections()) === 0, { what: 'no connection' })
        assert.deepEqual([recorded.states.length, saves.length], told)
      })
    }

    it('in a handler nothing more is called, and the event does not count as dealt with', async () => {
      wire = await startWire((peer) => {
        greet(peer)
        for (const position of [1, 2, 3]) say(peer, event(position))
      })
      const saves: number[] = []
      const recorded: RecordedStream = open({
        cursor: { load: () => 0, save: (cursor) => void saves.push(cursor) },
        onEvent({ position }) {
          if (position === 2) recorded.stream.close()
        },
      })
      await waitFor(() => recorded.events.length === 2, { what: 'the second event' })
      await waitFor(async () => (await wire.connections()) === 0, { what: 'no connection' })
      assert.equal(recorded.stream.cursor, 1)
      assert.deepEqual([recorded.events.length, saves], [2, [1]])
    })
  })
})
