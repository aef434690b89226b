import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type Child, runChild } from '#internal/testing/child'
import { temporaryDirectory } from '#internal/testing/directory'
import { waitFor } from '#internal/testing/wait-for'
import { call, Follower } from './witness.ts'

interface Span {
  traceId: string
  name: string
}

/** Fields of a protobuf message that are themselves bytes, by number. */
function* fieldsOf(message: Buffer): Generator<{ number: number; bytes: Buffer }> {
  for (let at = 0; at < message.length; ) {
    const key = varint()
    if ((key & 7) === 2) {
      const length = varint()
      yield { number: key >> 3, bytes: message.subarray(at, at + length) }
      at += length
    } else if ((key & 7) === 0) varint()
    else at += (key & 7) === 1 ? 8 : 4

    function varint(): number {
      let value = 0
      for (let shift = 0; ; shift += 7) {
        const byte = message[at++]!
        value += (byte & 127) * 2 ** shift
        if (byte < 128) return value
      }
    }
  }
}

const children = (message: Buffer, number: number) =>
  [...fieldsOf(message)].filter((field) => field.number === number).map((field) => field.bytes)

/** The spans of an OTLP export request: resource_spans 1, scope_spans 2, spans 2; of a span trace_id 1, name 5. */
function spansOf(request: Buffer): Span[] {
  const spans = children(request, 1).flatMap((resource) => children(resource, 2).flatMap((scope) => children(scope, 2)))
  return spans.map((span) => ({
    traceId: children(span, 1)[0]!.toString('hex'),
    name: children(span, 5)[0]!.toString(),
  }))
}

describe('traces', function () {
  this.timeout(90_000)
  let remove: () => Promise<void>
  let child: Child
  const spans: Span[] = []
  const collector = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      spans.push(...spansOf(Buffer.concat(chunks)))
      response.end()
    })
  })

  after(async () => {
    child.process.kill('SIGKILL')
    await child.ended
    collector.close()
    await remove()
  })

  it('show one alert from its POST to the sockets', async () => {
    const made = await temporaryDirectory()
    remove = made.remove
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const port = String(await findFreePort())
    const internalPort = String(await findFreePort())
    child = runChild(path.resolve(import.meta.dirname, 'main.ts'), [], {
      PATH: process.env.PATH,
      BELFRY_DATA_DIR: path.join(made.directory, 'data'),
      BELFRY_HOST: '127.0.0.1',
      BELFRY_PORT: port,
      BELFRY_INTERNAL_PORT: internalPort,
      BELFRY_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      BELFRY_TRACE_RATIO: '0',
    })
    await waitFor(() => child.stdout.includes('Belfry is ready'), { timeoutMs: 40_000, what: 'ready' })
    const base = `http://127.0.0.1:${port}`
    const body = { username: 'ada', password: 'lovelace' }
    await call(base, 'POST', '/api/v1/accounts', { body })
    const { token } = (await call(base, 'POST', '/api/v1/sessions', { body })).body
    const contact = { email: 'bob@example.com', phone_number: '212-555-1234' }
    const object = (await call(base, 'POST', '/api/v1/objects', { token, body: contact })).body
    const inbox = (await call(base, 'POST', `/api/v1/objects/${object.id}/inbox-token`, { token })).body
    const follower = new Follower([base], object.id, inbox.token)
    await waitFor(() => follower.connections === 1, { what: 'the inbox' })

    const traceId = '0af7651916cd43dd8448eb211c80319c'
    const response = await fetch(`${base}/api/v1/alerts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({ text: 'traced', alert_all: true }),
    })
    assert.equal(response.status, 201)
    await waitFor(() => follower.got.length === 1, { what: 'the alert' })
    // The inbox may have read it from PostgreSQL just before it was handed to the open sockets.
    const pushed = async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text()
      return Number(/^belfry_push_position\S* (\d+)$/m.exec(metrics)?.[1]) >= follower.got[0]!.position
    }
    await waitFor(pushed, { what: 'the push' })
    await follower.stop()
    child.process.kill('SIGTERM')
    assert.equal(await child.ended, 0)

    // A socket that was let in stays.
    assert.equal(follower.connections, 1)
    const own = spans.filter((span) => span.traceId === traceId).map((span) => span.name)
    assert.ok(own.includes('POST /api/v1/alerts'), own.join())
    assert.ok(own.includes('push alert.raised'), own.join())
    // The caller decides: nothing that was not asked for is kept at a ratio of 0.
    assert.ok(!spans.some((span) => span.name.startsWith('GET') || span.name === 'POST /api/v1/objects'))
  })
})
