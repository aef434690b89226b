import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('direct and group conversations', () => {
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let eve: Caller
  beforeEach(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada' })
    bob = await api.anAccount({ username: 'bob' })
    eve = await api.anAccount({ username: 'eve' })
  })
  afterEach(() => api.stop())

  const open = (members: string[], by = ada, name?: string) =>
    api.request('POST', '/api/v1/conversations', { token: by, body: { members, ...(name ? { name } : {}) } })
  const post = (id: number, by: Caller, body = 'hi') =>
    api.request('POST', `/api/v1/conversations/${id}/messages`, { token: by, body: { body } })
  const read = (id: number, by: Caller, seq: number) =>
    api.request('PUT', `/api/v1/conversations/${id}/read`, { token: by, body: { seq } })
  const mine = async (by: Caller) => (await api.request('GET', '/api/v1/conversations', { token: by })).body.items
  const onlyFriends = (account: Caller) =>
    api.db('accounts').where({ id: account.id }).update({ who_may_message: 'friends' })
  const befriend = (one: Caller, other: Caller) =>
    api.db('friendships').insert({
      low_id: Math.min(one.id, other.id),
      high_id: Math.max(one.id, other.id),
      requested_by: one.id,
      created_at: new Date(),
      accepted_at: new Date(),
    })

  it('are one per pair, whoever opens it', async () => {
    const first = await open(['BOB'])
    assert.equal(first.status, 201)
    const { id, last_activity_at, ...rest } = first.body
    assert.deepEqual(rest, {
      kind: 'direct',
      name: null,
      visibility: 'private',
      members: ['ada', 'bob'],
      last_message: null,
      unread_count: 0,
      read_seq: 0,
    })
    assert.deepEqual(
      (await api.events()).map(({ scope, event, data }) => [scope, event, data]),
      [
        ...[ada, bob].map(({ id: account }) => [
          `account:${account}`,
          'conversation.joined',
          {
            conversation: {
              id,
              kind: 'direct',
              name: null,
              visibility: 'private',
              members: ['ada', 'bob'],
              last_activity_at,
            },
          },
        ]),
      ],
    )
    const again = await open(['ada', 'bob'], bob)
    assert.deepEqual([again.status, again.body.id], [200, id])
  })
  it('are one per pair also when both open it at once', async () => {
    const answers = await Promise.all([open(['bob']), open(['ada'], bob), open(['bob']), open(['ada'], bob)])
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1)
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 201])
    assert.equal((await api.events()).length, 2)
  })
  it('are groups with more than two, a new one each time', async () => {
    const one = await open(['bob', 'eve', 'bob'], ada, 'Night shift')
    const two = await open(['bob', 'eve'])
    assert.deepEqual(
      [one.status, one.body.kind, one.body.name, one.body.members],
      [201, 'group', 'Night shift', ['ada', 'bob', 'eve']],
    )
    assert.notEqual(two.body.id, one.body.id)
  })
  it('refuse who is nobody, oneself alone, and names of pairs', async () => {
    expectProblem(await open(['nobody']), 422, 'invalid_fields')
    expectProblem(await open(['ada']), 422, 'invalid_fields')
    expectProblem(await open([]), 422, 'invalid_fields')
    expectProblem(await open(['bob'], ada, 'Us'), 422, 'invalid_fields')
    await api.db('accounts').where({ id: bob.id }).update({ disabled_at: new Date() })
    expectProblem(await open(['bob']), 422, 'invalid_fields')
    expectProblem(await api.request('POST', '/api/v1/conversations', { body: { members: ['bob'] } }), 401)
  })
  it('are shown one by one as they are listed', async () => {
    const { id } = (await open(['bob'])).body
    await post(id, ada)
    for (const who of [ada, bob]) {
      const { status, body } = await api.request('GET', `/api/v1/conversations/${id}`, { token: who })
      assert.equal(status, 200)
      assert.deepEqual([body], await mine(who))
    }
  })
  it('are seen by their members only', async () => {
    const { id } = (await open(['bob'])).body
    const message = (await post(id, ada)).body
    for (const [method, path] of [
      ['GET', `/api/v1/conversations/${id}`],
      ['GET', `/api/v1/conversations/${id}/messages`],
      ['GET', `/api/v1/messages/${message.id}`],
      ['GET', `/api/v1/messages/${message.id}/receipts`],
      ['DELETE', `/api/v1/conversations/${id}/members/me`],
    ] as const)
      expectProblem(await api.request(method, path, { token: eve }), 404)
    expectProblem(await post(id, eve), 404, 'conversation_not_found')
    expectProblem(await read(id, eve, 1), 404)
    expectProblem(await api.request('GET', `/api/v1/topics/${id}`, { token: ada }), 404)
    assert.deepEqual(await mine(eve), [])
  })
  it('are listed by latest activity with their newest message and what is unread', async () => {
    const direct = (await open(['bob'])).body.id
    api.clock.advance(1000)
    const group = (await open(['bob', 'eve'])).body.id
    api.clock.advance(1000)
    for (const text of ['one', 'two', 'three']) await post(direct, ada, text)
    await post(direct, bob, 'four')
    const shown = (await mine(bob)).map(
      (c: { id: number; unread_count: number; last_message: { body: string } | null }) => [
        ...[c.id, c.unread_count, c.last_message?.body],
      ],
    )
    assert.deepEqual(shown, [
      [direct, 3, 'four'],
      [group, 0, undefined],
    ])
    assert.equal((await read(direct, bob, 2)).status, 204)
    const [after] = await mine(bob)
    assert.deepEqual([after.unread_count, after.read_seq], [1, 2])
    await read(direct, bob, 4)
    await post(direct, bob, 'five')
    assert.equal((await mine(bob))[0].unread_count, 0)
    assert.equal((await mine(ada))[0].unread_count, 2)
  })
  it('are paged', async () => {
    for (const name of ['bob', 'eve']) {
      await open([name])
      api.clock.advance(1000)
    }
    const first = (await api.request('GET', '/api/v1/conversations?limit=1', { token: ada })).body
    const second = (await api.request('GET', `/api/v1/conversations?limit=1&after=${first.next}`, { token: ada })).body
    assert.deepEqual([first.items[0].members[1], second.items[0].members[1], second.next], ['eve', 'bob', null])
  })
  it('are left if they are groups', async () => {
    const direct = (await open(['bob'])).body.id
    const group = (await open(['bob', 'eve'])).body.id
    const leave = (id: number) => api.request('DELETE', `/api/v1/conversations/${id}/members/me`, { token: ada })
    expectProblem(await leave(direct), 409, 'direct_conversation')
    assert.equal((await leave(group)).status, 204)
    expectProblem(await leave(group), 404)
    expectProblem(await post(group, ada), 404)
    assert.deepEqual((await mine(bob))[0].members ?? (await mine(bob))[1].members, ['bob', 'eve'])
  })

  describe('with people who take messages from friends only', () => {
    beforeEach(() => onlyFriends(bob))
    it('are for their friends', async () => {
      expectProblem(await open(['bob']), 403, 'friends_only')
      expectProblem(await open(['bob', 'eve']), 403, 'friends_only')
      await befriend(ada, bob)
      assert.equal((await open(['bob'])).status, 201)
      assert.equal((await open(['ada'], bob)).status, 200)
    })
    it('end with the friendship, one way', async () => {
      await befriend(ada, bob)
      const { id } = (await open(['bob'])).body
      assert.equal((await post(id, ada)).status, 201)
      await api.db('friendships').delete()
      expectProblem(await post(id, ada), 403, 'friends_only')
      assert.equal((await post(id, bob)).status, 201)
    })
  })

  describe('receipts', () => {
    const receipts = async (id: number, by = ada) =>
      (await api.request('GET', `/api/v1/messages/${id}/receipts`, { token: by })).body
    it('show who has read what, and when', async () => {
      const { id } = (await open(['bob', 'eve'])).body
      const first = (await post(id, ada)).body
      const second = (await post(id, ada)).body
      assert.deepEqual((await receipts(first.id)).counts, { recipients: 2, delivered: 0, read: 0 })
      await read(id, bob, 1)
      const { items, counts } = await receipts(first.id)
      assert.deepEqual(counts, { recipients: 2, delivered: 1, read: 1 })
      assert.deepEqual(items[1], { username: 'eve', delivered_at: null, read_at: null })
      assert.equal(items[0].username, 'bob')
      assert.ok(items[0].read_at !== null && items[0].delivered_at === items[0].read_at)
      assert.deepEqual((await receipts(second.id)).counts.read, 0)
      const { event, scope, data } = (await api.events()).at(-1)!
      assert.deepEqual(
        [scope, event, data.username, data.kind, data.up_to_seq],
        [`conversation:${id}`, 'receipt.advanced', 'bob', 'read', 1],
      )
    })
    it('only move forward, and not beyond what was posted', async () => {
      const { id } = (await open(['bob'])).body
      const { id: messageId } = (await post(id, ada)).body
      await post(id, ada)
      await read(id, bob, 2)
      const before = await receipts(messageId)
      api.clock.advance(1000)
      for (const seq of [1, 2]) assert.equal((await read(id, bob, seq)).status, 204)
      assert.deepEqual(await receipts(messageId), before)
      expectProblem(await read(id, bob, 3), 422, 'invalid_fields')
      for (const seq of [0, -1, 1.5, 'x', null]) expectProblem(await read(id, bob, seq as number), 422)
    })
    it('of a small circle are there as far as each member has come', async () => {
      const { id } = (await open(['bob', 'eve'])).body
      for (let i = 0; i < 3; i++) await post(id, ada)
      await read(id, bob, 1)
      await api.db('members').where({ conversation_id: id, account_id: eve.id }).update({ delivered: '{[1,2),[3,4)}' })
      const marks = (path: string, by = ada) => api.request('GET', path, { token: by })
      const { items } = (await marks(`/api/v1/conversations/${id}/receipts`)).body
      assert.deepEqual(items, [
        { username: 'ada', joined_seq: 0, read_seq: 0, delivered: [] },
        { username: 'bob', joined_seq: 0, read_seq: 1, delivered: items[1].delivered },
        {
          username: 'eve',
          joined_seq: 0,
          read_seq: 0,
          delivered: [
            { after_seq: 0, up_to_seq: 1 },
            { after_seq: 2, up_to_seq: 3 },
          ],
        },
      ])
      const topic = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops' } })).body.id
      expectProblem(await marks(`/api/v1/conversations/${topic}/receipts`), 409, 'topic_receipts')
      expectProblem(await marks(`/api/v1/conversations/${topic}/receipts`, bob), 404, 'conversation_not_found')
    })
    it('are of those who were members when it was posted', async () => {
      const topic = (await api.request('POST', '/api/v1/topics', { token: ada, body: { name: 'Ops' } })).body.id
      const before = (await post(topic, ada)).body.id
      await api.request('PUT', `/api/v1/topics/${topic}/members/me`, { token: bob })
      const after = (await post(topic, ada)).body.id
      assert.equal((await receipts(before)).counts.recipients, 0)
      assert.deepEqual(
        (await receipts(after)).items.map((i: { username: string }) => i.username),
        ['bob'],
      )
      assert.equal((await mine(bob))[0].unread_count, 1)
    })
  })
})
