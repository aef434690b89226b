import assert from 'node:assert/strict'
import { matchEnd, matchStart } from '#internal/search/hits'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

interface Found {
  id: number
  body: string
  snippet: string
  conversation: { id: number; kind: string; name: string | null }
}

describe('search', () => {
  let api: TestApi
  let ada: Caller
  let bob: Caller
  let eve: Caller
  let topic: number
  beforeEach(async () => {
    api = await startTestApi()
    ada = await api.anAccount({ username: 'ada' })
    bob = await api.anAccount({ username: 'bob' })
    eve = await api.anAccount({ username: 'eve' })
    topic = await aTopic()
  })
  afterEach(() => api.stop())

  const aTopic = async (fields: object = {}, by = ada): Promise<number> =>
    (await api.request('POST', '/api/v1/topics', { token: by, body: { name: 'Ops', ...fields } })).body.id
  const open = async (by: Caller, members: string[]): Promise<number> =>
    (await api.request('POST', '/api/v1/conversations', { token: by, body: { members } })).body.id
  const post = async (to: number, by: Caller, body: string): Promise<number> =>
    (await api.request('POST', `/api/v1/conversations/${to}/messages`, { token: by, body: { body } })).body.id
  const search = (by: Caller, q: string, more = '') =>
    api.request('GET', `/api/v1/search?q=${encodeURIComponent(q)}${more}`, { token: by })
  const found = async (by: Caller, q: string, more = ''): Promise<Found[]> => (await search(by, q, more)).body.items
  const bodies = async (by: Caller, q: string, more = '') => (await found(by, q, more)).map(({ body }) => body)

  it('finds messages by their words, newest first, as they are shown elsewhere', async () => {
    await post(topic, ada, 'The pager is silent')
    const id = await post(topic, bob, 'Where is the PAGER?')
    await api.request('PUT', `/api/v1/messages/${id}/reactions/tada`, { token: ada })
    assert.deepEqual(await bodies(eve, 'pager'), ['Where is the PAGER?', 'The pager is silent'])
    const [newest] = await found(ada, 'pager')
    const { conversation, snippet, ...message } = newest!
    assert.deepEqual(conversation, { id: topic, kind: 'topic', name: 'Ops' })
    assert.equal(snippet, `Where is the ${matchStart}PAGER${matchEnd}?`)
    assert.deepEqual(message, (await api.request('GET', `/api/v1/messages/${id}`, { token: ada })).body)
  })
  it('understands phrases, alternatives and exclusions', async () => {
    for (const body of ['red fish', 'fish red', 'blue fish', 'green bird']) await post(topic, ada, body)
    assert.deepEqual(await bodies(ada, '"red fish"'), ['red fish'])
    assert.deepEqual(await bodies(ada, 'red or bird'), ['green bird', 'fish red', 'red fish'])
    assert.deepEqual(await bodies(ada, 'fish -red'), ['blue fish'])
    assert.deepEqual(await bodies(ada, 'fish bird'), [])
  })
  it('refuses what no message could be compared with', async () => {
    expectProblem(await search(ada, '-'.repeat(200)), 422, 'invalid_fields')
    expectProblem(await search(ada, '- '.repeat(100)), 422, 'invalid_fields')
    assert.deepEqual(await bodies(ada, '--pager'), [])
  })

  describe('shows nobody what is not theirs to read', () => {
    const everyone = async (q: string) => {
      const seen: string[] = []
      for (const who of [ada, bob, eve]) if ((await found(who, q)).length > 0) seen.push(who.username)
      return seen
    }

    it('in private topics, groups and direct conversations', async () => {
      await post(await aTopic({ visibility: 'private' }), ada, 'one')
      await post(await open(ada, ['bob']), bob, 'two')
      await post(await open(ada, ['bob', 'eve']), bob, 'three')
      assert.deepEqual(await everyone('one'), ['ada'])
      assert.deepEqual(await everyone('two'), ['ada', 'bob'])
      assert.deepEqual(await everyone('three'), ['ada', 'bob', 'eve'])
      assert.deepEqual(await found(await api.as('admin'), 'one or two or three'), [])
    })
    it('nor by saying only what it is not', async () => {
      const secret = await aTopic({ visibility: 'private' })
      const gone = await post(secret, ada, 'gone')
      await post(secret, ada, 'kept')
      await api.request('DELETE', `/api/v1/messages/${gone}`, { token: ada })
      assert.deepEqual(await bodies(ada, '-nothing'), ['kept'])
      assert.deepEqual(await bodies(eve, '-nothing'), [])
    })
    it('after they left, were taken out, or the topic became private', async () => {
      const secret = await aTopic({ visibility: 'private' })
      for (const who of [bob, eve]) {
        const body = { username: who.username }
        const { id } = (await api.request('POST', `/api/v1/topics/${secret}/invitations`, { token: ada, body })).body
        await api.request('POST', `/api/v1/invitations/${id}/accept`, { token: who })
      }
      await post(secret, ada, 'inside')
      assert.deepEqual(await everyone('inside'), ['ada', 'bob', 'eve'])
      await api.request('DELETE', `/api/v1/topics/${secret}/members/me`, { token: bob })
      await api.request('DELETE', `/api/v1/topics/${secret}/members/eve`, { token: ada })
      assert.deepEqual(await everyone('inside'), ['ada'])
      await post(topic, ada, 'public')
      assert.deepEqual(await everyone('public'), ['ada', 'bob', 'eve'])
      await api.request('PATCH', `/api/v1/topics/${topic}`, { token: ada, body: { visibility: 'private' } })
      assert.deepEqual(await everyone('public'), ['ada'])
    })
    it('once it is deleted: the message or the whole topic', async () => {
      const id = await post(topic, ada, 'first')
      await post(topic, bob, 'second')
      await api.request('DELETE', `/api/v1/messages/${id}`, { token: ada })
      assert.deepEqual(await everyone('first'), [])
      await api.request('DELETE', `/api/v1/topics/${topic}`, { token: ada })
      assert.deepEqual(await everyone('second'), [])
    })
    it('nor what was there before an edit', async () => {
      const id = await post(topic, ada, 'before')
      await api.request('PATCH', `/api/v1/messages/${id}`, { token: ada, body: { body: 'after' } })
      assert.deepEqual([await bodies(ada, 'before'), await bodies(ada, 'after')], [[], ['after']])
    })
  })

  it('looks into one conversation', async () => {
    const other = await aTopic()
    const secret = await aTopic({ visibility: 'private' })
    for (const to of [topic, other, secret, topic]) await post(to, ada, `word in ${to}`)
    const inTopic = await found(bob, 'word', `&conversation_id=${topic}`)
    assert.deepEqual(
      inTopic.map(({ conversation }) => conversation.id),
      [topic, topic],
    )
    assert.equal((await found(ada, 'word', `&conversation_id=${secret}`)).length, 1)
    for (const id of [secret, 4711])
      expectProblem(await search(bob, 'word', `&conversation_id=${id}`), 404, 'conversation_not_found')
  })

  for (const within of ['everything', 'one conversation'])
    it(`pages through ${within} without gap or repeat while others write`, async () => {
      const ids: number[] = []
      for (let n = 0; n < 25; n++) ids.push(await post(topic, ada, `word ${n}`))
      const where = within === 'everything' ? '' : `&conversation_id=${topic}`
      const seen: number[] = []
      for (let next: string | null = ''; next !== null; ) {
        const { body, headers } = await search(bob, 'word', `${where}&limit=4${next && `&after=${next}`}`)
        seen.push(...body.items.map(({ id }: Found) => id))
        await Promise.all([1, 2, 3].map((n) => post(topic, bob, `word of somebody else ${n}`)))
        next = body.next
        assert.equal(headers.has('link'), next !== null)
        if (next) assert.ok(headers.get('link')?.includes(`after=${next}`))
      }
      assert.deepEqual(seen, ids.toReversed())
    })

  it('takes any text for what it says', async () => {
    await post(topic, ada, "it's 100% <b>bold</b> & über c++ :tada: 10.5")
    for (const q of [
      "it's",
      '100%',
      'ÜBER',
      '"<b>bold"',
      'c++',
      '& & |',
      '10.5',
      "');--",
      '"unclosed it',
      '-',
      '- -',
      ':*',
    ])
      assert.equal((await search(ada, q)).status, 200, q)
    assert.equal((await found(ada, 'über')).length, 1)
    assert.equal((await found(ada, 'ÜBER 10.5')).length, 1)
    for (const q of ['...', ' ', '"', "''", '!!!', '-', '&|!'])
      assert.deepEqual((await search(ada, q)).body, { items: [], next: null }, q)
    for (const q of [
      'x'.repeat(200),
      `${'a or '.repeat(39)}bold`,
      '"a b" '.repeat(33),
      '-a '.repeat(66),
      'é'.repeat(200),
    ])
      assert.equal((await search(ada, q)).status, 200)
  })
  it('refuses what is no search', async () => {
    for (const query of ['', 'q=', `q=${'x'.repeat(201)}`, 'q=a%00b', 'q=a&q=b', 'q=a&limit=0', 'q=a&limit=201'])
      expectProblem(await api.request('GET', `/api/v1/search?${query}`, { token: ada }), 422, 'invalid_fields')
    for (const more of [
      '&after=x',
      '&after=W10',
      '&after=WyJhIl0',
      '&after=Wy0xXQ',
      '&conversation_id=0',
      '&conversation_id=x',
    ])
      expectProblem(await search(ada, 'a', more), 422, 'invalid_fields')
    expectProblem(await api.request('GET', '/api/v1/search?q=a'), 401)
  })
  it('marks nothing that a message only pretends', async () => {
    await post(topic, ada, `${matchStart}fake${matchEnd} real`)
    assert.equal((await found(ada, 'real'))[0]!.snippet, `fake ${matchStart}real${matchEnd}`)
  })
})
