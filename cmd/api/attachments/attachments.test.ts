import assert from 'node:assert/strict'
import { removeUnattached } from '#internal/attachments/cleanup'
import { png } from '#internal/attachments/testing'
import { type Caller, expectProblem, type TestApi } from '../http/testing.ts'
import { type Kit, startKit } from './testing.ts'

const dayMs = 24 * 3600_000

describe('attachments', () => {
  let kit: Kit
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let eve: Caller
  let topic: number
  let secret: number
  beforeEach(async () => {
    kit = await startKit()
    ;({ api, ada, bob, eve, topic, secret } = kit)
  })
  afterEach(() => api.stop())

  const statusFor = async (id: number, by: Caller) => {
    const answer = await kit.get(id, by)
    await answer.arrayBuffer()
    return answer.status
  }

  describe('belong to a message', () => {
    it('that names them, in its order', async () => {
      const [a, b] = [await kit.uploaded(topic, ada), await kit.uploaded(topic, ada)]
      const { status, body } = await kit.post(topic, ada, [b, a, b])
      assert.equal(status, 201)
      assert.deepEqual(
        body.attachments.map(({ id }: { id: number }) => id),
        [b, a],
      )
      const posted = (await api.events()).find(({ event }) => event === 'message.posted')
      assert.deepEqual(posted?.data.attachments, body.attachments)
      const list = await api.request('GET', `/api/v1/conversations/${topic}/messages`, { token: bob })
      assert.deepEqual(list.body.items[0].attachments, body.attachments)
    })
    it('only if they are its author’s own, of this conversation, unused and known', async () => {
      const other = await kit.aTopic('public')
      const [own, bobs, elsewhere] = [
        await kit.uploaded(topic, ada),
        await kit.uploaded(topic, bob),
        await kit.uploaded(other, ada),
      ]
      for (const ids of [[bobs], [elsewhere], [4711], [own, bobs]]) {
        const refused = await kit.post(topic, ada, ids, 'hi')
        expectProblem(refused, 422, 'invalid_fields')
        assert.equal(refused.body.errors[0].path, 'attachment_ids')
      }
      assert.equal((await kit.post(topic, ada, [own])).status, 201)
      expectProblem(await kit.post(topic, ada, [own]), 422, 'invalid_fields')
      const { count } = (await api.db('messages').count())[0]!
      assert.equal(Number(count), 1)
    })
    it('at most ten', async () => {
      const ids = await Promise.all(Array.from({ length: 3 }, () => kit.uploaded(topic, ada)))
      while (ids.length < 11) ids.push(await kit.uploaded(topic, ada))
      expectProblem(await kit.post(topic, ada, ids), 422, 'invalid_fields')
      assert.equal((await kit.post(topic, ada, ids.slice(1))).body.attachments.length, 10)
    })
    it('to one of two that take them at the same time', async () => {
      const [a, b] = [await kit.uploaded(topic, ada), await kit.uploaded(topic, ada)]
      const answers = await Promise.all([kit.post(topic, ada, [a, b]), kit.post(topic, ada, [b, a])])
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422])
    })
    it('and go with it, content and all', async () => {
      const id = await kit.uploaded(topic, ada)
      const message = (await kit.post(topic, ada, [id], 'look')).body
      assert.equal(await statusFor(id, bob), 200)
      assert.equal((await api.request('DELETE', `/api/v1/messages/${message.id}`, { token: ada })).status, 204)
      assert.equal(await statusFor(id, bob), 404)
      assert.equal(await kit.contents(), 0)
    })
  })

  describe('are shown', () => {
    it('to their uploader before a message has them, then to whoever reads it', async () => {
      const id = await kit.uploaded(topic, ada)
      assert.deepEqual([await statusFor(id, ada), await statusFor(id, bob)], [200, 404])
      await kit.post(topic, ada, [id])
      assert.deepEqual([await statusFor(id, ada), await statusFor(id, bob)], [200, 200])
    })
    it('to members alone where the conversation is private', async () => {
      const id = await kit.uploaded(secret, ada)
      await kit.post(secret, ada, [id])
      const { body } = await api.request('POST', '/api/v1/conversations', { token: ada, body: { members: ['bob'] } })
      const direct = await kit.uploaded(body.id, bob)
      await kit.post(body.id, bob, [direct])
      assert.deepEqual([await statusFor(id, ada), await statusFor(id, bob), await statusFor(id, eve)], [200, 404, 404])
      assert.deepEqual([await statusFor(direct, ada), await statusFor(direct, eve)], [200, 404])
    })
    it('no longer to who left, and to nobody once the topic is deleted', async () => {
      const id = await kit.uploaded(secret, ada)
      await kit.post(secret, ada, [id])
      const body = { username: 'bob' }
      const invitation = await api.request('POST', `/api/v1/topics/${secret}/invitations`, { token: ada, body })
      await api.request('POST', `/api/v1/invitations/${invitation.body.id}/accept`, { token: bob })
      assert.equal(await statusFor(id, bob), 200)
      await api.request('DELETE', `/api/v1/topics/${secret}/members/me`, { token: bob })
      assert.deepEqual([await statusFor(id, ada), await statusFor(id, bob)], [200, 404])
      await api.request('DELETE', `/api/v1/topics/${secret}`, { token: ada })
      assert.equal(await statusFor(id, ada), 404)
    })
    it('with headers that let them do nothing but be shown', async () => {
      const id = await kit.uploaded(topic, ada)
      const { headers } = await kit.get(id, ada)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox")
      assert.equal(headers.get('content-disposition'), `inline; filename="attachment-${id}.png"`)
      assert.equal(headers.get('cache-control'), 'private, max-age=31536000, immutable')
      assert.equal(headers.get('content-length'), String(png().length))
      assert.equal(headers.get('vary'), 'authorization')
    })
    it('with 304 to who has them', async () => {
      const id = await kit.uploaded(topic, ada)
      const etag = (await kit.get(id, ada)).headers.get('etag')!
      for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await kit.get(id, ada, { 'if-none-match': header })
        assert.deepEqual([answer.status, await answer.text(), answer.headers.get('etag')], [304, '', etag])
      }
      for (const header of ['"other"', '', 'junk'])
        assert.equal((await kit.get(id, ada, { 'if-none-match': header })).status, 200)
      assert.equal((await kit.get(id, bob, { 'if-none-match': etag })).status, 404)
    })
    it('as they are documented', async () => {
      const path = `/api/v1/attachments/${await kit.uploaded(topic, ada)}`
      const first = await api.request('GET', path, { token: ada })
      const headers = { 'if-none-match': first.headers.get('etag')! }
      const second = await api.request('GET', path, { token: ada, headers })
      assert.deepEqual([first.status, second.status, second.text], [200, 304, ''])
    })
    it('to HEAD without the bytes', async () => {
      const id = await kit.uploaded(topic, ada)
      const { status, headers } = await kit.get(id, ada, {}, 'HEAD')
      assert.deepEqual(
        [status, headers.get('content-length'), headers.get('content-type')],
        [200, String(png().length), 'image/png'],
      )
      assert.equal((await kit.get(id, bob, {}, 'HEAD')).status, 404)
    })
    it('never for ids that are none', async () => {
      for (const id of ['0', '4711', 'x', '1e3', '99999999999999999999'])
        expectProblem(await api.request('GET', `/api/v1/attachments/${id}`, { token: ada }), 404)
      expectProblem(await api.request('GET', '/api/v1/attachments/1'), 401)
    })
    it('in pieces, and cut off when they go away in the middle', async () => {
      const bytes = png(3, 2, 1_000_000)
      const { id } = (await kit.upload(topic, ada, { body: bytes })).body
      assert.deepEqual(Buffer.from(await (await kit.get(id, ada)).arrayBuffer()), bytes)
      await api
        .db('attachment_contents')
        .where({ attachment_id: id })
        .update({ bytes: bytes.subarray(0, 1000) })
      // Whatever comes, it is not taken for a whole file.
      await assert.rejects(async () => (await kit.get(id, ada)).arrayBuffer())
    })
  })

  it('that no message named within a day are removed, and no others', async () => {
    const [old, used] = [await kit.uploaded(topic, ada), await kit.uploaded(topic, ada)]
    await kit.post(topic, ada, [used])
    api.clock.advance(dayMs + 1000)
    const young = await kit.uploaded(topic, ada)
    const counts = await Promise.all([1, 2].map(() => removeUnattached(api.db as never, api.clock.now())))
    assert.equal(counts[0]! + counts[1]!, 1)
    assert.deepEqual(await Promise.all([old, used, young].map((id) => statusFor(id, ada))), [404, 200, 200])
    assert.equal(await kit.contents(), 2)
  })
})
