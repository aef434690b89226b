import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('messages', () => {
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let topicId: number
  beforeEach(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada' })
    bob = await api.anAccount({ username: 'bob' })
    topicId = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops' } })).body.id
  })
  afterEach(() => api.stop())

  const post = (body: unknown, by = ada, id = topicId) =>
    api.request('POST', `/api/v1/conversations/${id}/messages`, { token: by, body })
  const page = (query = '', by = ada) =>
    api.request('GET', `/api/v1/conversations/${topicId}/messages${query}`, { token: by })
  const message = (method: string, id: number, by: Caller, body?: unknown) =>
    api.request(method, `/api/v1/messages/${id}`, { token: by, ...(body === undefined ? {} : { body }) })
  const seqs = (items: { seq: number }[]) => items.map(({ seq }) => seq)
  const lastEvent = async () => (await api.events()).at(-1)!

  it('get the next seq, and go out as they are', async () => {
    const { status, body } = await post({ body: 'hello' })
    assert.equal(status, 201)
    const { id, created_at, ...rest } = body
    assert.deepEqual(rest, {
      conversation_id: topicId,
      seq: 1,
      author: 'ada',
      body: 'hello',
      reply_to: null,
      attachments: [],
      reactions: [],
      edited_at: null,
      deleted_at: null,
    })
    const { reactions: _, ...event } = body
    assert.deepEqual(await lastEvent(), { scope: `conversation:${topicId}`, event: 'message.posted', data: event })
    assert.deepEqual((await message('GET', id, bob)).body, body)
    assert.equal((await post({ body: 'again', reply_to: id })).body.seq, 2)
    assert.deepEqual((await page()).body.items[0], body)
    assert.ok(Date.parse(created_at) > 0)
  })
  it('show shortcodes as emoji', async () => {
    assert.equal((await post({ body: 'done :tada: at 10:30:45' })).body.body, 'done 🎉 at 10:30:45')
  })
  it('join who posts into a public topic', async () => {
    assert.equal((await post({ body: 'me too' }, bob)).status, 201)
    const events = (await api.events()).slice(-2)
    assert.deepEqual(
      events.map(({ scope, event }) => [scope, event]),
      [
        [`account:${bob.id}`, 'conversation.joined'],
        [`conversation:${topicId}`, 'message.posted'],
      ],
    )
  })
  it('refuse what is no message', async () => {
    for (const body of [
      {},
      { body: '' },
      { body: ' \n' },
      { body: 7 },
      { body: 'x'.repeat(10_001) },
      { body: 'x', extra: 1 },
    ])
      expectProblem(await post(body), 422, 'invalid_fields')
    expectProblem(await post({ body: 'x' }, ada, 4711), 404, 'conversation_not_found')
    expectProblem(await api.request('POST', `/api/v1/conversations/${topicId}/messages`, { body: { body: 'x' } }), 401)
    assert.equal((await page()).body.items.length, 0)
  })
  it('reply to messages of the same conversation only, and a refused one joins nothing', async () => {
    const other = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Other' } })).body.id
    const { id } = (await post({ body: 'there' }, ada, other)).body
    for (const reply_to of [id, 4711]) expectProblem(await post({ body: 'x', reply_to }, bob), 422, 'invalid_fields')
    const joined = await api.request('GET', `/api/v1/topics/${topicId}`, { token: bob })
    assert.equal(joined.body.joined, false)
  })
  it('have gap-free seqs in the order of the log, whoever writes at once', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => api.anAccount()))
    await Promise.all(
      people.flatMap((p) => Array.from({ length: 8 }, (_, i) => post({ body: `${p.username} ${i}` }, p))),
    )
    const { body } = await page('?limit=200')
    assert.deepEqual(
      seqs(body.items),
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    const posted = (await api.events()).filter(({ event }) => event === 'message.posted').map(({ data }) => data.seq)
    assert.deepEqual(posted, seqs(body.items))
  })
  it('are written once under one Idempotency-Key', async () => {
    const send = () =>
      api.request('POST', `/api/v1/conversations/${topicId}/messages`, {
        token: bob,
        body: { body: 'once' },
        headers: { 'idempotency-key': 'k1' },
      })
    const [first, second] = [await send(), await send()]
    assert.deepEqual(second.body, first.body)
    assert.equal((await page()).body.items.length, 1)
  })

  describe('pages', () => {
    beforeEach(async () => {
      for (let i = 1; i <= 7; i++) await post({ body: `m${i}` })
    })
    it('are the newest, and go both ways', async () => {
      const newest = await page('?limit=3')
      assert.deepEqual([seqs(newest.body.items), newest.body.previous, newest.body.next], [[5, 6, 7], 5, null])
      const older = (await page('?limit=3&before=5')).body
      assert.deepEqual([seqs(older.items), older.previous, older.next], [[2, 3, 4], 2, 4])
      const oldest = (await page('?limit=3&before=2')).body
      assert.deepEqual([seqs(oldest.items), oldest.previous, oldest.next], [[1], null, 1])
      const forward = (await page('?limit=3&after=0')).body
      assert.deepEqual([seqs(forward.items), forward.previous, forward.next], [[1, 2, 3], null, 3])
      const last = (await page('?limit=3&after=6')).body
      assert.deepEqual([seqs(last.items), last.previous, last.next], [[7], 7, null])
      assert.deepEqual((await page('?after=7')).body, { items: [], next: null, previous: null })
      assert.match(newest.headers.get('link')!, /before=5>; rel="prev"$/)
    })
    it('have neither gaps nor repeats while others write, edit and delete', async () => {
      let writing = true
      const others = (async () => {
        for (let i = 0; writing; i++) {
          const { body } = await post({ body: `late ${i}` }, bob)
          if (i % 3 === 0) await message('DELETE', body.id, bob)
          else if (i % 3 === 1) await message('PATCH', body.id, bob, { body: 'edited' })
        }
      })()
      const seen: number[] = []
      for (
        let before: number | null = (await page('?limit=2')).body.next ?? Number.MAX_SAFE_INTEGER;
        before !== null;
      ) {
        const { body } = await page(`?limit=2&before=${before}`)
        seen.unshift(...seqs(body.items))
        before = body.previous
      }
      writing = false
      await others
      assert.deepEqual(
        seen,
        Array.from({ length: seen.length }, (_, i) => i + 1),
      )
      assert.ok(seen.length >= 7)
    })
    it('refuse what is no page', async () => {
      for (const query of ['?limit=0', '?limit=201', '?after=x', '?before=-1', '?after=1&before=3'])
        expectProblem(await page(query), 422, 'invalid_fields')
    })
    it('are 50 long by default', async () => {
      for (let i = 8; i <= 52; i++) await post({ body: `m${i}` })
      assert.deepEqual(
        seqs((await page()).body.items),
        Array.from({ length: 50 }, (_, i) => i + 3),
      )
    })
  })

  describe('once written', () => {
    let id: number
    beforeEach(async () => {
      id = (await post({ body: 'first' })).body.id
    })
    it('are edited by their author only', async () => {
      expectProblem(await message('PATCH', id, bob, { body: 'mine' }), 403, 'not_author')
      for (const body of [{ body: '' }, {}, { body: 'x', author: 'bob' }])
        expectProblem(await message('PATCH', id, ada, body), 422)
      const { status, body } = await message('PATCH', id, ada, { body: 'second' })
      assert.deepEqual([status, body.body, body.seq, body.edited_at !== null], [200, 'second', 1, true])
      const { event, data } = await lastEvent()
      assert.deepEqual([event, data.body], ['message.edited', 'second'])
    })
    it('keep their seq when deleted, and nothing else', async () => {
      await api.request('PUT', `/api/v1/messages/${id}/reactions/tada`, { token: bob })
      expectProblem(await message('DELETE', id, bob), 403, 'not_author')
      for (let i = 0; i < 2; i++) assert.equal((await message('DELETE', id, ada)).status, 204)
      const { body } = await message('GET', id, bob)
      assert.deepEqual([body.seq, body.body, body.reactions, body.deleted_at !== null], [1, null, [], true])
      expectProblem(await message('PATCH', id, ada, { body: 'back' }), 409, 'message_deleted')
      expectProblem(
        await api.request('PUT', `/api/v1/messages/${id}/reactions/tada`, { token: bob }),
        409,
        'message_deleted',
      )
      assert.equal((await api.events()).filter(({ event }) => event === 'message.deleted').length, 1)
    })
    it('are deleted by who runs the topic as well', async () => {
      const theirs = (await post({ body: 'spam' }, bob)).body.id
      assert.equal((await message('DELETE', theirs, ada)).status, 204)
      const again = (await post({ body: 'spam' }, bob)).body.id
      assert.equal((await message('DELETE', again, await api.as('admin'))).status, 204)
    })
    it('are unknown to who may not read them', async () => {
      await api.request('PATCH', `/api/v1/topics/${topicId}`, { token: ada, body: { visibility: 'private' } })
      for (const [method, body] of [['GET'], ['PATCH', { body: 'x' }], ['DELETE']] as const)
        expectProblem(await message(method, id, bob, body), 404, 'message_not_found')
      expectProblem(await page('', bob), 404, 'conversation_not_found')
      expectProblem(await message('GET', 4711, ada), 404)
    })
  })

  describe('reactions', () => {
    let id: number
    beforeEach(async () => {
      id = (await post({ body: 'done' })).body.id
    })
    const react = (emoji: string, by: Caller, method = 'PUT') =>
      api.request(method, `/api/v1/messages/${id}/reactions/${encodeURIComponent(emoji)}`, { token: by })

    it('are counted by emoji, however they are written', async () => {
      for (const [emoji, by] of [
        ['🎉', ada],
        [':tada:', bob],
        ['tada', bob],
        ['👍', bob],
      ] as const)
        assert.equal((await react(emoji, by)).status, 204)
      assert.deepEqual((await message('GET', id, ada)).body.reactions, [
        { emoji: '🎉', count: 2, mine: true },
        { emoji: '👍', count: 1, mine: false },
      ])
      const events = (await api.events()).filter(({ event }) => event === 'reaction.added')
      assert.equal(events.length, 3)
      assert.deepEqual(events[1]!.data, {
        message_id: id,
        conversation_id: topicId,
        seq: 1,
        emoji: '🎉',
        username: 'bob',
        count: 2,
      })
    })
    it('are taken back once', async () => {
      await react('🎉', ada)
      for (let i = 0; i < 2; i++) assert.equal((await react('🎉', ada, 'DELETE')).status, 204)
      assert.deepEqual((await message('GET', id, ada)).body.reactions, [])
      const removed = (await api.events()).filter(({ event }) => event === 'reaction.removed')
      assert.deepEqual(
        removed.map(({ data }) => data.count),
        [0],
      )
    })
    it('are emoji, of messages that one may read, and not without end', async () => {
      for (const emoji of ['xx', 'nosuchname', '🎉🎉', ' '])
        for (const method of ['PUT', 'DELETE']) expectProblem(await react(emoji, ada, method), 422, 'invalid_fields')
      expectProblem(await api.request('PUT', '/api/v1/messages/4711/reactions/tada', { token: ada }), 404)
      expectProblem(await api.request('PUT', `/api/v1/messages/${id}/reactions/tada`), 401)
      await api.db.raw(`insert into reactions select ?, chr(128512 + n), ?, now() from generate_series(0, 49) n`, [
        id,
        bob.id,
      ])
      expectProblem(await react('🎉', ada), 409, 'too_many_reactions')
      assert.equal((await react('😀', ada)).status, 204)
    })
    it('that are refused do not join a public topic', async () => {
      const eve = await api.as('member')
      await message('DELETE', id, ada)
      expectProblem(await react('🎉', eve), 409, 'message_deleted')
      assert.equal(await api.db('members').where({ account_id: eve.id }).first(), undefined)
    })
  })
})
