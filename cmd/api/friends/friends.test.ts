import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/me/friends'

describe('friends', () => {
  let api: TestApi
  let ada: Caller
  let bob: Caller
  beforeEach(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada' })
    bob = await api.anAccount({ username: 'Bob' })
  })
  afterEach(() => api.stop())

  const ask = (token: Caller, username: string) => api.request('POST', path, { token, body: { username } })
  const accept = (token: Caller, username: string) => api.request('PUT', `${path}/${username}`, { token })
  const remove = (token: Caller, username: string) => api.request('DELETE', `${path}/${username}`, { token })
  const states = async (token: Caller, search = '') => {
    const { items } = (await api.request('GET', path + search, { token })).body
    return items.map((item: { username: string; state: string }) => [item.username, item.state])
  }
  const events = async () => (await api.events()).map(({ scope, event, data }) => [scope, event, data.username])

  it('are asked, which each side sees as it is', async () => {
    await api.db('accounts').where({ id: ada.id }).update({ first_name: 'Ada', last_name: 'L' })
    const { status, body } = await ask(ada, 'BOB')
    assert.equal(status, 201)
    const { since, ...view } = body
    assert.deepEqual(view, { username: 'Bob', first_name: null, last_name: null, state: 'requested' })
    assert.ok(Math.abs(Date.parse(since) - Date.now()) < 10_000)
    assert.deepEqual(await states(ada), [['Bob', 'requested']])
    assert.deepEqual(await states(bob), [['ada', 'asked']])
    assert.deepEqual(await api.events(), [
      {
        scope: `account:${bob.id}`,
        event: 'friend.requested',
        data: { username: 'ada', first_name: 'Ada', last_name: 'L', state: 'asked', since },
      },
    ])
  })
  it('accept by PUT, which both hear and may be repeated', async () => {
    await ask(ada, 'bob')
    api.clock.advance(60_000)
    const { status, body } = await accept(bob, 'ada')
    assert.deepEqual([status, body.state, body.username], [200, 'friend', 'ada'])
    assert.deepEqual((await events()).slice(1), [
      [`account:${bob.id}`, 'friend.accepted', 'ada'],
      [`account:${ada.id}`, 'friend.accepted', 'Bob'],
    ])
    assert.deepEqual((await accept(bob, 'ada')).body, body)
    assert.deepEqual((await accept(ada, 'bob')).body, { ...body, username: 'Bob' })
    assert.equal((await api.events()).length, 3)
    assert.deepEqual([await states(ada), await states(bob)], [[['Bob', 'friend']], [['ada', 'friend']]])
  })
  it('accept by asking who has asked', async () => {
    await ask(ada, 'bob')
    const { status, body } = await ask(bob, 'ada')
    assert.deepEqual([status, body.state], [200, 'friend'])
    assert.equal((await events()).filter(([, event]) => event === 'friend.accepted').length, 2)
  })
  it('become one friendship of two requests that cross', async () => {
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all([ask(ada, 'bob'), ask(bob, 'ada')])
      assert.deepEqual(answers.map((a) => a.status).sort(), [200, 201])
      assert.deepEqual([await states(ada), await states(bob)], [[['Bob', 'friend']], [['ada', 'friend']]])
      await remove(round % 2 ? ada : bob, round % 2 ? 'bob' : 'ada')
    }
  })
  it('are not asked or made twice', async () => {
    await ask(ada, 'bob')
    expectProblem(await ask(ada, 'bob'), 409, 'already_requested')
    await accept(bob, 'ada')
    expectProblem(await ask(ada, 'bob'), 409, 'already_friends')
    expectProblem(await ask(bob, 'ada'), 409, 'already_friends')
  })
  it('are others, and exist', async () => {
    expectProblem(await ask(ada, 'Ada'), 422, 'invalid_fields')
    expectProblem(await ask(ada, 'nobody'), 404, 'account_not_found')
    for (const body of [{}, { username: '' }, { username: 7 }, { username: 'bob', state: 'friend' }])
      expectProblem(await api.request('POST', path, { token: ada, body }), 422, 'invalid_fields')
  })
  it('are not accepted where nobody has asked', async () => {
    expectProblem(await accept(bob, 'ada'), 404, 'friend_request_not_found')
    await ask(ada, 'bob')
    expectProblem(await accept(ada, 'bob'), 404, 'friend_request_not_found')
    expectProblem(await accept(ada, 'ada'), 404, 'friend_request_not_found')
    expectProblem(await accept(ada, 'nobody'), 404, 'account_not_found')
  })
  it('are removed, declined and taken back by either side, which both hear', async () => {
    for (const by of [ada, bob]) {
      for (const accepted of [false, true]) {
        await ask(ada, 'bob')
        if (accepted) await accept(bob, 'ada')
        const before = (await api.events()).length
        assert.equal((await remove(by, by === ada ? 'bob' : 'ada')).status, 204)
        assert.deepEqual((await events()).slice(before).sort(), [
          [`account:${ada.id}`, 'friend.removed', 'Bob'],
          [`account:${bob.id}`, 'friend.removed', 'ada'],
        ])
        assert.deepEqual([await states(ada), await states(bob)], [[], []])
        expectProblem(await remove(ada, 'bob'), 404, 'friend_not_found')
      }
    }
    expectProblem(await remove(ada, 'nobody'), 404, 'account_not_found')
  })
  it('are accepted or removed, not both, when both are tried at once', async () => {
    for (let round = 0; round < 10; round++) {
      await ask(ada, 'bob')
      const [accepted, removed] = await Promise.all([accept(bob, 'ada'), remove(ada, 'bob')])
      assert.equal(removed.status, 204)
      assert.ok([200, 404].includes(accepted.status))
      assert.deepEqual(await states(bob), [])
    }
  })
  it('are listed by username, page by page and by state', async () => {
    const names = ['zoe', 'Carl', 'dora', 'emil']
    for (const username of names) await api.anAccount({ username })
    const callers = new Map<string, Caller>()
    for (const username of ['frank', 'gina']) callers.set(username, await api.anAccount({ username }))
    for (const username of names) await ask(ada, username)
    for (const caller of callers.values()) await ask(caller, 'ada')
    await accept(ada, 'gina')
    const seen: string[] = []
    let next: string | undefined = `${path}?limit=2`
    while (next) {
      const answer = await api.request('GET', next, { token: ada })
      seen.push(...answer.body.items.map((item: { username: string }) => item.username))
      next = /<(.*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    assert.deepEqual(seen, ['Carl', 'dora', 'emil', 'frank', 'gina', 'zoe'])
    assert.deepEqual(await states(ada, '?state=friend'), [['gina', 'friend']])
    assert.deepEqual(await states(ada, '?state=asked'), [['frank', 'asked']])
    assert.deepEqual(await states(ada, '?state=requested&limit=1'), [['Carl', 'requested']])
    for (const search of ['?state=enemy', '?limit=0', '?after=x'])
      expectProblem(await api.request('GET', path + search, { token: ada }), 422, 'invalid_fields')
  })
  it('need credentials', async () => {
    expectProblem(await api.request('GET', path), 401)
    expectProblem(await api.request('POST', path, { body: { username: 'bob' } }), 401)
    expectProblem(await api.request('PUT', `${path}/bob`), 401)
    expectProblem(await api.request('DELETE', `${path}/bob`), 401)
  })
})
