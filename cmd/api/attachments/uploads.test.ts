import assert from 'node:assert/strict'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { gif, jpeg, png, webp } from '#internal/attachments/testing'
import { waitFor } from '#internal/testing/wait-for'
import { type Caller, expectProblem, type TestApi } from '../http/testing.ts'
import { type Kit, startKit } from './testing.ts'

describe('uploads are taken', () => {
  let kit: Kit
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let topic: number
  let secret: number
  beforeEach(async () => {
    kit = await startKit()
    ;({ api, ada, bob, topic, secret } = kit)
  })
  afterEach(() => api.stop())

  const images: [string, Buffer, number, number][] = [
    ['image/png', png(), 3, 2],
    ['image/gif', gif(), 5, 4],
    ['image/jpeg', jpeg(6), 4, 7],
    ['image/webp', webp(), 1, 1],
  ]
  for (const [type, bytes, width, height] of images)
    it(`as ${type}, and come back as they were`, async () => {
      const { status, body } = await kit.upload(topic, ada, { body: bytes, headers: { 'content-type': type } })
      assert.equal(status, 201)
      const { id, created_at, ...rest } = body
      assert.deepEqual(rest, { media_type: type, size: bytes.length, width, height })
      assert.equal(Date.parse(created_at) > 0, true)
      const answer = await kit.get(id, ada)
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('content-type'), type)
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes)
    })
  it('by whoever may post there, and by nobody else', async () => {
    assert.equal((await kit.upload(topic, bob)).status, 201)
    assert.equal((await kit.upload(secret, ada)).status, 201)
    expectProblem(await kit.upload(secret, bob), 404, 'conversation_not_found')
    expectProblem(await kit.upload(secret, await api.as('admin')), 404, 'conversation_not_found')
    expectProblem(await kit.upload(4711, ada), 404, 'conversation_not_found')
    expectProblem(await kit.upload(topic, undefined), 401)
    await api.request('DELETE', `/api/v1/topics/${topic}`, { token: ada })
    expectProblem(await kit.upload(topic, ada), 404, 'conversation_not_found')
  })
  it('in the media types that are taken', async () => {
    for (const type of ['image/svg+xml', 'text/html', 'application/json', 'image/*', ''])
      expectProblem(await kit.upload(topic, ada, { headers: { 'content-type': type } }), 415, 'unsupported_media_type')
    const compressed = { headers: { 'content-encoding': 'gzip' } }
    expectProblem(await kit.upload(topic, ada, compressed), 415, 'unsupported_media_type')
    assert.equal((await kit.upload(topic, ada, { headers: { 'content-type': 'Image/PNG; q=1' } })).status, 201)
  })
  it('as what they are', async () => {
    for (const body of [gif(), Buffer.from('<script>alert(1)</script>'), png().subarray(0, 20)])
      expectProblem(await kit.upload(topic, ada, { body }), 422, 'invalid_image')
    expectProblem(await kit.upload(topic, ada, { body: '' }), 400, 'body_missing')
    assert.equal(await kit.contents(), 0)
  })
  it('up to the limit', async () => {
    const limit = 1024 * 1024
    const full = png(3, 2, limit - png(3, 2, 1).length + 1)
    assert.equal(full.length, limit)
    assert.equal((await kit.upload(topic, ada, { body: full })).body.size, limit)
    expectProblem(await kit.upload(topic, ada, { body: Buffer.concat([full, Buffer.of(0)]) }), 413, 'body_too_large')
  })
  it('not beyond it, without reading on: announced or in chunks', async () => {
    for (const headers of [{ 'content-length': 100 * 1024 * 1024 }, {}]) {
      const { status, sent } = await sendEndlessly({ ...headers, 'content-type': 'image/png' })
      assert.equal(status, 413)
      assert.ok(sent < 20 * 1024 * 1024, `${sent} bytes were sent`)
    }
  })
  it('once per Idempotency-Key', async () => {
    const more = { headers: { 'idempotency-key': 'one' } }
    const [first, again] = [await kit.upload(topic, ada, more), await kit.upload(topic, ada, more)]
    assert.deepEqual(again.body, first.body)
    assert.equal(again.headers.get('idempotency-replayed'), 'true')
    expectProblem(await kit.upload(topic, ada, { ...more, body: png(9, 9) }), 422, 'idempotency_key_reused')
    assert.equal(await kit.contents(), 1)
  })
  it('at most 50 before a message names them, however many come at once', async () => {
    await api.db.raw(
      `insert into attachments (conversation_id, uploader_id, media_type, size, width, height, created_at)
       select ?, ?, 'image/png', 1, 1, 1, ? from generate_series(1, 48)`,
      [topic, ada.id, api.clock.now()],
    )
    const answers = await Promise.all([1, 2, 3, 4].map(() => kit.upload(topic, ada)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 409, 409])
    expectProblem(await kit.upload(topic, ada), 409, 'too_many_uploads')
    assert.equal((await kit.upload(topic, bob)).status, 201)
    assert.equal(await kit.contents(), 3)
  })
  it('a few at a time, so that memory lasts', async () => {
    const answers: IncomingMessage[] = []
    const open = [1, 2, 3, 4, 5].map(() => {
      const request = startUpload({ 'content-type': 'image/png', 'content-length': 1000 })
      request.on('response', (answer) => answers.push(answer.resume())).write(png())
      return request
    })
    const [busy] = await waitFor(() => answers.length > 0 && answers, { what: 'the fifth to be refused' })
    assert.deepEqual([busy!.statusCode, busy!.headers['retry-after']], [503, '1'])
    expectProblem(await kit.upload(topic, ada), 503, 'busy')
    assert.equal((await kit.upload(topic, bob)).status, 201)
    // Who goes away gives the place back.
    for (const request of open) request.destroy()
    await waitFor(async () => (await kit.upload(topic, ada)).status === 201, { what: 'a place' })
    assert.equal(answers.length, 1)
  })

  function startUpload(headers: Record<string, string | number>) {
    const request = httpRequest(`${api.url}/api/v1/conversations/${topic}/attachments`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${ada.token}` },
    })
    request.on('error', () => undefined)
    return request
  }

  function sendEndlessly(headers: Record<string, string | number>): Promise<{ status: number; sent: number }> {
    return new Promise((resolve) => {
      let sent = 0
      const request = startUpload(headers)
      request.on('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode ?? 0, sent })
        request.destroy()
      })
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        if (request.destroyed || sent > 50 * 1024 * 1024) return
        sent += chunk.length
        request.write(chunk, more)
      }
      more()
    })
  }
})
