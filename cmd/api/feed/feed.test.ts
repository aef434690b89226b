import assert from 'node:assert/strict'
import { type Caller, expectProblem, startTestApi, type TestApi } from '../http/testing.ts'

const path = '/api/v1/me/profiles'

describe('profiles elsewhere', () => {
  let api: TestApi
  let ann: Caller
  beforeEach(async () => {
    api = await startTestApi()
    ann = await api.anAccount({ username: 'ann' })
  })
  afterEach(() => api.stop())

  const link = (kind: string, address: unknown, token = ann) =>
    api.request('POST', path, { token, body: { kind, address } })
  const list = async (token = ann) => (await api.request('GET', path, { token })).body.items
  const unlink = (id: number, token = ann) => api.request('DELETE', `${path}/${id}`, { token })

  it('are linked and listed', async () => {
    const rss = await link('rss', 'HTTPS://News.example/feed#top')
    assert.equal(rss.status, 201)
    const { id, ...rest } = rss.body
    const none = { last_fetched_at: null, last_error: null }
    assert.deepEqual(rest, { kind: 'rss', address: 'https://news.example/feed', ...none })
    assert.equal((await link('mastodon', '@Ann@Bücher.example')).body.address, 'ann@xn--bcher-kva.example')
    assert.equal((await link('x', 'Jack')).body.address, 'jack')
    const items = await list()
    assert.deepEqual(
      items.map(({ kind }: { kind: string }) => kind),
      ['rss', 'mastodon', 'x'],
    )
    assert.equal(items[0].id, id)
  })

  it('are linked once', async () => {
    const first = await link('rss', 'https://news.example/feed')
    const second = await link('rss', 'https://news.example/feed')
    assert.deepEqual([second.status, second.body], [200, first.body])
    assert.equal((await link('x', 'jack')).status, 201)
    assert.equal((await link('x', 'JACK')).status, 200)
    assert.equal((await list()).length, 2)
  })

  it('on X are the Twitter username, whichever way it is set', async () => {
    const me = async () => (await api.request('GET', '/api/v1/me', { token: ann })).body.twitter_username
    await link('x', 'Jack')
    assert.equal(await me(), 'Jack')
    const events = (await api.events()).filter(({ event }) => event === 'account.updated')
    assert.deepEqual(
      events.map(({ data }) => data.twitter_username),
      ['Jack'],
    )
    await api.request('PATCH', '/user', { token: ann, body: { twitter_username: 'ann_x' } })
    const [only, ...others] = await list()
    assert.deepEqual([only.address, others], ['ann_x', []])
    assert.equal((await unlink(only.id)).status, 204)
    assert.deepEqual([await me(), await list()], [null, []])
    await api.request('PATCH', '/api/v1/me', { token: ann, body: { twitter_username: 'again' } })
    assert.equal((await list())[0].address, 'again')
  })

  it('are unlinked by who has linked them', async () => {
    const bo = await api.anAccount({ username: 'bo' })
    const { id } = (await link('rss', 'https://news.example/feed')).body
    expectProblem(await unlink(id, bo), 404, 'profile_not_found')
    await link('rss', 'https://news.example/feed', bo)
    assert.equal((await unlink(id)).status, 204)
    expectProblem(await unlink(id), 404, 'profile_not_found')
    assert.equal((await list(bo)).length, 1)
    for (const bad of ['0', 'x', '999999999999'])
      expectProblem(await api.request('DELETE', `${path}/${bad}`, { token: ann }), 404)
  })

  it('need an address of their kind', async () => {
    const bad: Record<string, unknown[]> = {
      rss: [
        '',
        'news.example',
        'file:///etc/passwd',
        'javascript:alert(1)',
        'http://user:pw@news.example/',
        'http://[',
        `https://n.example/${'x'.repeat(1000)}`,
        null,
        7,
      ],
      mastodon: [
        '',
        'ann',
        'ann@',
        '@host.example',
        'ann@host',
        'ann@host.example/path',
        'ann@host.example:80',
        'a b@host.example',
        'ann@@host.example',
        'ann@-.example',
      ],
      x: ['', '@jack', 'a b', 'x'.repeat(51), null],
    }
    for (const [kind, addresses] of Object.entries(bad))
      for (const address of addresses) expectProblem(await link(kind, address), 422, 'invalid_fields')
    expectProblem(await link('myspace', 'tom'), 422, 'invalid_fields')
    expectProblem(await api.request('POST', path, { token: ann, body: { kind: 'x', address: 'a', more: 1 } }), 422)
  })

  it('are twenty at most, though many are linked at once', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => link('rss', `https://news.example/${i}`)))
    assert.equal(answers.filter(({ status }) => status === 201).length, 20)
    for (const refused of answers.filter(({ status }) => status !== 201))
      expectProblem(refused, 409, 'too_many_profiles')
    assert.equal((await link('x', 'jack')).status, 201)
  })

  it('need credentials', async () => {
    expectProblem(await api.request('GET', path), 401)
    expectProblem(await api.request('POST', path, { body: {} }), 401)
    expectProblem(await api.request('DELETE', `${path}/1`), 401)
  })
})

describe('the feed', () => {
  let api: TestApi
  let ann: Caller
  const start = async (config = {}) => {
    api = await startTestApi(config)
    ann = await api.anAccount({ username: 'ann' })
  }
  afterEach(() => api.stop())

  const feed = async () => (await api.request('GET', '/api/v1/feed', { token: ann })).body
  const classic = () => api.request('GET', '/feed', { token: ann })
  const posts = async (count: number) => {
    const { id } = (
      await api.request('POST', path, { token: ann, body: { kind: 'rss', address: 'https://n.example/' } })
    ).body
    await api.db.raw(
      `insert into feed_items (profile_id, external_id, author, text, url, published_at)
       select ?, n, 'News', '<script>alert(' || n || ')</script>', 'https://n.example/' || n, '2026-01-01Z'::timestamptz + n * interval '1 hour'
       from generate_series(1, ?::int) n`,
      [id, count],
    )
  }

  it('says what is not configured', async () => {
    await start()
    const { items, sources } = await feed()
    assert.deepEqual(items, [])
    assert.deepEqual(sources, [
      { kind: 'x', configured: false, detail: 'BELFRY_X_API_TOKEN is not set: posts of X are not fetched.' },
      { kind: 'rss', configured: true, detail: null },
      { kind: 'mastodon', configured: true, detail: null },
    ])
    const bare = await classic()
    assert.deepEqual([bare.body, bare.headers.get('feed-not-configured')], [[], 'x'])
  })

  it('says what fails', async () => {
    await start({ X_API_TOKEN: 'token' })
    await posts(0)
    await api.db('profiles').update({ last_error: 'The server answered 500.' })
    const { sources } = await feed()
    assert.deepEqual(sources[0], { kind: 'x', configured: true, detail: null })
    assert.equal(sources[1].detail, '1 of 1 profiles could not be fetched the last time.')
    assert.equal((await classic()).headers.get('feed-not-configured'), null)
  })

  it('has the ten newest posts, as JSON alone', async () => {
    await start()
    await posts(12)
    const { items } = await feed()
    assert.equal(items.length, 10)
    assert.deepEqual(items[0], {
      account: 'ann',
      source: 'rss',
      author: 'News',
      text: '<script>alert(12)</script>',
      url: 'https://n.example/12',
      published_at: '2026-01-01T12:00:00.000Z',
    })
    const bare = await classic()
    assert.deepEqual(bare.body, items)
    assert.match(bare.headers.get('content-type')!, /^application\/json/)
    assert.equal(bare.headers.get('x-content-type-options'), 'nosniff')
  })

  it('needs credentials', async () => {
    await start()
    for (const target of ['/api/v1/feed', '/feed']) expectProblem(await api.request('GET', target), 401)
  })
})
