import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

describe('topics', () => {
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let admin: Caller
  beforeEach(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada' })
    bob = await api.anAccount({ username: 'bob' })
    admin = await api.as('admin')
  })
  afterEach(() => api.stop())

  const create = async (fields: object = {}, by = ada) =>
    (await api.request('POST', '/api/v1/topics', { token: by, body: { name: 'Ops', ...fields } })).body
  const on = (method: string, id: number, more: string, by: Caller, body?: unknown) =>
    api.request(method, `/api/v1/topics/${id}${more}`, { token: by, ...(body === undefined ? {} : { body }) })
  const post = (id: number, by: Caller, body = 'hi') =>
    api.request('POST', `/api/v1/conversations/${id}/messages`, { token: by, body: { body } })
  const list = async (by: Caller, query = '') =>
    (await api.request('GET', `/api/v1/topics${query}`, { token: by })).body.items.map((t: { id: number }) => t.id)
  const newEvents = async () => {
    const events = await api.events()
    await api.db('outbox').delete()
    return events.map(({ scope, event, data }) => [scope, event, data.reason ?? data.visibility ?? null])
  }

  it('are created, with their maker as owner and first member', async () => {
    const { status, body } = await api.request('POST', '/api/v1/topics', {
      token: ada,
      body: { name: '  Ops  ', description: 'What runs' },
    })
    assert.equal(status, 201)
    const { id, created_at, last_activity_at, ...rest } = body
    assert.equal(created_at, last_activity_at)
    assert.deepEqual(rest, {
      name: 'Ops',
      description: 'What runs',
      visibility: 'public',
      owner: 'ada',
      members_may_invite: false,
      members_count: 1,
      joined: true,
    })
    assert.deepEqual(await newEvents(), [
      [`account:${ada.id}`, 'conversation.joined', null],
      ['topics', 'topic.created', 'public'],
    ])
    assert.deepEqual((await on('GET', id, '', bob)).body, { ...body, joined: false })
  })
  it('refuse what is no topic', async () => {
    for (const body of [
      {},
      { name: ' ' },
      { name: 'x'.repeat(101) },
      { name: 'x', visibility: 'secret' },
      { name: 'x', colour: 1 },
    ])
      expectProblem(await api.request('POST', '/api/v1/topics', { token: ada, body }), 422, 'invalid_fields')
    expectProblem(await api.request('POST', '/api/v1/topics', { body: { name: 'x' } }), 401)
    for (const id of [4711, 999999999999999])
      for (const method of ['GET', 'PATCH', 'DELETE'])
        expectProblem(await on(method, id, '', ada, method === 'PATCH' ? {} : undefined), 404, 'topic_not_found')
  })
  it('are listed by latest activity, those that one may see', async () => {
    const a = await create()
    api.clock.advance(1000)
    const b = await create({ visibility: 'private' })
    api.clock.advance(1000)
    const c = await create({}, bob)
    assert.deepEqual(await list(ada), [c.id, b.id, a.id])
    assert.deepEqual(await list(bob), [c.id, a.id])
    assert.deepEqual(await list(admin), [c.id, a.id])
    api.clock.advance(1000)
    assert.equal((await post(a.id, ada)).status, 201)
    assert.deepEqual(await list(ada), [a.id, c.id, b.id])
  })
  it('are paged without gap or repeat, also those of the same moment', async () => {
    const ids: number[] = []
    for (let i = 0; i < 7; i++) ids.push((await create({ visibility: i % 2 ? 'private' : 'public' })).id)
    await api.db('conversations').update({ last_activity_at: api.clock.now() })
    const seen: number[] = []
    for (let after: string | null = ''; after !== null; ) {
      const { body } = await api.request('GET', `/api/v1/topics?limit=2${after ? `&after=${after}` : ''}`, {
        token: ada,
      })
      seen.push(...body.items.map((t: { id: number }) => t.id))
      after = body.next
    }
    assert.deepEqual(seen, ids.reverse())
    expectProblem(await api.request('GET', '/api/v1/topics?after=x', { token: ada }), 422)
  })
  it('are changed by their owner or an admin, and by nobody else', async () => {
    const { id } = await create()
    await newEvents()
    expectProblem(await on('PATCH', id, '', bob, { name: 'Mine' }), 403, 'not_owner')
    assert.equal((await on('PATCH', id, '', ada, { name: 'Ops 2' })).body.name, 'Ops 2')
    assert.equal((await on('PATCH', id, '', ada, { name: 'Ops 2' })).status, 200)
    assert.equal((await on('PATCH', id, '', admin, { description: null, name: 'Ops 3' })).body.name, 'Ops 3')
    assert.deepEqual(await newEvents(), [
      ['topics', 'topic.updated', 'public'],
      ['topics', 'topic.updated', 'public'],
    ])
  })
  it('become private and public again, and the public list follows', async () => {
    const { id } = await create()
    await newEvents()
    await on('PATCH', id, '', ada, { visibility: 'private' })
    expectProblem(await on('GET', id, '', bob), 404, 'topic_not_found')
    expectProblem(await post(id, bob), 404, 'conversation_not_found')
    await on('PATCH', id, '', ada, { visibility: 'public' })
    assert.equal((await on('GET', id, '', bob)).status, 200)
    assert.deepEqual(await newEvents(), [
      ['topics', 'topic.deleted', null],
      [`conversation:${id}`, 'topic.updated', 'private'],
      ['topics', 'topic.created', 'public'],
      [`conversation:${id}`, 'topic.updated', 'public'],
    ])
  })
  it('are deleted with all that is in them', async () => {
    const { id } = await create()
    const message = (await post(id, bob)).body
    await newEvents()
    expectProblem(await on('DELETE', id, '', bob), 403, 'not_owner')
    assert.equal((await on('DELETE', id, '', ada)).status, 204)
    expectProblem(await on('DELETE', id, '', ada), 404)
    expectProblem(await on('GET', id, '', ada), 404)
    expectProblem(await post(id, ada), 404)
    expectProblem(await api.request('GET', `/api/v1/messages/${message.id}`, { token: bob }), 404)
    assert.deepEqual(await list(ada), [])
    const events = await newEvents()
    assert.deepEqual(events[0], ['topics', 'topic.deleted', null])
    assert.deepEqual(
      events
        .slice(1)
        .map(([scope]) => scope)
        .sort(),
      [`account:${ada.id}`, `account:${bob.id}`].sort(),
    )
    assert.ok(events.slice(1).every(([, event, reason]) => event === 'conversation.left' && reason === 'deleted'))
  })

  describe('members', () => {
    it('join and leave; doing it again changes nothing', async () => {
      const { id } = await create()
      await newEvents()
      for (let i = 0; i < 2; i++) assert.equal((await on('PUT', id, '/members/me', bob)).status, 204)
      assert.equal((await on('GET', id, '', bob)).body.members_count, 2)
      const { body } = await on('GET', id, '/members', bob)
      assert.deepEqual(
        body.items.map((m: { username: string }) => m.username),
        ['ada', 'bob'],
      )
      for (let i = 0; i < 2; i++) assert.equal((await on('DELETE', id, '/members/me', bob)).status, 204)
      assert.equal((await on('GET', id, '', bob)).body.members_count, 1)
      assert.deepEqual(await newEvents(), [
        [`account:${bob.id}`, 'conversation.joined', null],
        [`account:${bob.id}`, 'conversation.left', 'left'],
      ])
    })
    it('are paged', async () => {
      const { id } = await create()
      await on('PUT', id, '/members/me', bob)
      const first = (await on('GET', id, '/members?limit=1', bob)).body
      const second = (await on('GET', id, `/members?limit=1&after=${first.next}`, bob)).body
      assert.deepEqual([first.items[0].username, second.items[0].username, second.next], ['ada', 'bob', null])
    })
    it('are removed by owner or admin', async () => {
      const { id } = await create()
      await on('PUT', id, '/members/me', bob)
      await newEvents()
      expectProblem(await on('DELETE', id, '/members/ada', bob), 403, 'not_owner')
      assert.equal((await on('DELETE', id, '/members/BOB', ada)).status, 204)
      expectProblem(await on('DELETE', id, '/members/bob', ada), 404, 'member_not_found')
      expectProblem(await on('DELETE', id, '/members/nobody', ada), 404, 'account_not_found')
      assert.deepEqual(await newEvents(), [[`account:${bob.id}`, 'conversation.left', 'removed']])
    })
    it('inherit the topic from an owner who leaves', async () => {
      const { id } = await create()
      await on('PUT', id, '/members/me', bob)
      await on('DELETE', id, '/members/me', ada)
      assert.equal((await on('GET', id, '', ada)).body.owner, 'bob')
      await on('DELETE', id, '/members/me', bob)
      assert.equal((await on('GET', id, '', ada)).body.owner, null)
    })
    it('end a private topic when the last one leaves', async () => {
      const { id } = await create({ visibility: 'private' })
      await on('DELETE', id, '/members/me', ada)
      expectProblem(await on('GET', id, '', admin), 404)
    })
    it('are counted right when many join and leave at once', async () => {
      const { id } = await create()
      const people = await Promise.all(Array.from({ length: 8 }, () => api.anAccount()))
      await Promise.all(people.flatMap((p) => [on('PUT', id, '/members/me', p), on('PUT', id, '/members/me', p)]))
      await Promise.all(people.slice(0, 3).map((p) => on('DELETE', id, '/members/me', p)))
      const { length } = await api.db('members').where({ conversation_id: id })
      assert.equal((await on('GET', id, '', ada)).body.members_count, length)
      assert.equal(length, 6)
    })
  })

  describe('private ones', () => {
    const invite = (id: number, username: string, by: Caller) => on('POST', id, '/invitations', by, { username })
    const answer = (id: number, what: string, by: Caller) =>
      api.request('POST', `/api/v1/invitations/${id}/${what}`, { token: by })

    it('are joined by invitation only, and then read from the first message on', async () => {
      const { id } = await create({ visibility: 'private' })
      await post(id, ada, 'before')
      await newEvents()
      for (const [method, more] of [
        ['GET', ''],
        ['PUT', '/members/me'],
        ['DELETE', '/members/me'],
        ['GET', '/members'],
      ] as const)
        expectProblem(await on(method, id, more, bob), 404, 'topic_not_found')
      const made = await invite(id, 'bob', ada)
      assert.equal(made.status, 201)
      assert.equal((await invite(id, 'bob', ada)).status, 200)
      assert.deepEqual((await api.request('GET', '/api/v1/me/invitations', { token: bob })).body.items, [made.body])
      expectProblem(await answer(made.body.id, 'accept', ada), 404, 'invitation_not_found')
      const joined = await answer(made.body.id, 'accept', bob)
      assert.deepEqual([joined.status, joined.body.id, joined.body.joined], [200, id, true])
      expectProblem(await answer(made.body.id, 'accept', bob), 404)
      expectProblem(await invite(id, 'bob', ada), 409, 'already_member')
      const { body } = await api.request('GET', `/api/v1/conversations/${id}/messages`, { token: bob })
      assert.deepEqual(
        body.items.map((m: { body: string }) => m.body),
        ['before'],
      )
      assert.deepEqual(await newEvents(), [
        [`account:${bob.id}`, 'invitation.created', null],
        [`account:${bob.id}`, 'conversation.joined', null],
      ])
    })
    it('are declined', async () => {
      const { id } = await create({ visibility: 'private' })
      const { body } = await invite(id, 'bob', ada)
      assert.equal((await answer(body.id, 'decline', bob)).status, 204)
      expectProblem(await answer(body.id, 'decline', bob), 404, 'invitation_not_found')
      expectProblem(await on('GET', id, '', bob), 404)
    })
    it('let members invite when the owner allows it', async () => {
      const { id } = await create({ visibility: 'private' })
      await answer((await invite(id, 'bob', ada)).body.id, 'accept', bob)
      const eve = await api.anAccount({ username: 'eve' })
      expectProblem(await invite(id, 'eve', bob), 403, 'may_not_invite')
      expectProblem(await invite(id, 'bob', eve), 404, 'topic_not_found')
      await on('PATCH', id, '', ada, { members_may_invite: true })
      assert.equal((await invite(id, 'eve', bob)).status, 201)
      expectProblem(await invite(id, 'nobody', bob), 404, 'account_not_found')
    })
    it('are gone for who was removed, invitations for who was invited when they are deleted', async () => {
      const { id } = await create({ visibility: 'private' })
      await answer((await invite(id, 'bob', ada)).body.id, 'accept', bob)
      await on('DELETE', id, '/members/bob', ada)
      expectProblem(await on('GET', id, '', bob), 404)
      const { body } = await invite(id, 'bob', ada)
      await on('DELETE', id, '', ada)
      expectProblem(await answer(body.id, 'accept', bob), 404, 'invitation_not_found')
    })
    it('are managed by admins, who do not see what is said in them', async () => {
      const { id } = await create({ visibility: 'private' })
      assert.equal((await on('PATCH', id, '', admin, { name: 'Renamed' })).status, 200)
      expectProblem(await api.request('GET', `/api/v1/conversations/${id}/messages`, { token: admin }), 404)
      assert.equal((await on('DELETE', id, '', admin)).status, 204)
    })
  })
})
