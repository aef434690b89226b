import assert from 'node:assert/strict'
import { createGet } from './http.ts'
import { clock, type FakeServer, failure, known, startFakeServer } from './testing.ts'
import { createX } from './x.ts'

describe('X', () => {
  let server: FakeServer
  before(async () => {
    server = await startFakeServer()
  })
  after(() => server.stop())

  const x = () => createX({ get: createGet(true), clock }, { url: server.url, token: 'secret-token' })
  const user = '/2/users/by/username/jack'
  const tweets = '/2/users/12/tweets'
  const jsonOf = (value: unknown, status = 200, headers = {}) => ({ status, headers, body: JSON.stringify(value) })

  it('looks the account up and reads its newest posts with the token', async () => {
    server.on(user, jsonOf({ data: { id: '12', name: 'Jack', username: 'jack' } }))
    const data = [
      {
        id: '20',
        text: 'just setting up &amp; more\n&lt;3',
        created_at: '2026-05-21T20:50:14.000Z',
        edit_history_tweet_ids: ['20'],
      },
    ]
    server.on(tweets, jsonOf({ data, meta: { result_count: 1 } }))
    const fetched = await x().fetch(known('jack'))
    assert.deepEqual(fetched.posts, [
      {
        externalId: '20',
        author: '@jack',
        text: 'just setting up & more\n<3',
        url: 'https://x.com/jack/status/20',
        publishedAt: new Date('2026-05-21T20:50:14Z'),
      },
    ])
    assert.equal(fetched.remote_id, '12')
    const last = server.requests.at(-1)!
    assert.equal(last.path, `${tweets}?max_results=10&tweet.fields=created_at`)
    assert.equal(last.headers.authorization, 'Bearer secret-token')
  })
  it('looks up once', async () => {
    const before = server.requests.length
    await x().fetch(known('jack', { remote_id: '12' }))
    assert.equal(server.requests.length, before + 1)
  })
  it('takes an account without posts', async () => {
    server.on(tweets, jsonOf({ meta: { result_count: 0 } }))
    assert.deepEqual((await x().fetch(known('jack', { remote_id: '12' }))).posts, [])
  })
  it('knows an unknown account, which X answers with 200', async () => {
    server.on(
      user,
      jsonOf({
        errors: [{ title: 'Not Found Error', type: 'https://api.twitter.com/2/problems/resource-not-found' }],
      }),
    )
    assert.equal((await failure(x().fetch(known('jack')))).message, 'There is no such account on X.')
  })
  it('holds every profile until the quota begins anew', async () => {
    const reset = clock.now().getTime() / 1000 + 600
    server.on(tweets, jsonOf({ title: 'Too Many Requests' }, 429, { 'x-rate-limit-reset': `${reset}` }))
    const { retryAt, holdsForAll } = await failure(x().fetch(known('jack', { remote_id: '12' })))
    assert.deepEqual([retryAt, holdsForAll], [new Date(reset * 1000), true])
  })
  it('says that the token was refused, without saying it', async () => {
    server.on(tweets, jsonOf({ title: 'Unauthorized' }, 401))
    const { message } = await failure(x().fetch(known('jack', { remote_id: '12' })))
    assert.match(message, /refused the token/)
    assert.doesNotMatch(message, /secret/)
  })
  it('does not take the token to where a redirect leads', async () => {
    server.on(tweets, { status: 302, headers: { location: `${server.url}/elsewhere` } })
    assert.match((await failure(x().fetch(known('jack', { remote_id: '12' })))).message, /answered 302/)
    assert.equal(server.requests.at(-1)!.path.startsWith(tweets), true)
  })
  for (const body of ['{"data":[{"id":"../..","text":1}]}', '[]', 'no json', '{"data":[{"id":"1"}]}']) {
    it(`fails for ${body}`, async () => {
      server.on(tweets, { body })
      await failure(x().fetch(known('jack', { remote_id: '12' })))
    })
  }
})
