import assert from 'node:assert/strict'
import { createGet } from './http.ts'
import { createMastodon } from './mastodon.ts'
import { clock, type FakeServer, failure, known, startFakeServer } from './testing.ts'

describe('Mastodon', () => {
  let server: FakeServer
  before(async () => {
    server = await startFakeServer()
  })
  after(() => server.stop())

  const mastodon = () => createMastodon({ get: createGet(true), clock }, () => server.url)
  const lookup = '/api/v1/accounts/lookup'
  const list = '/api/v1/accounts/7/statuses'
  const status = (more: object) => ({
    id: '111',
    created_at: '2026-05-20T10:00:00.000Z',
    content: '<p>Hello <span class="h-card">@<a href="https://m.example/@bo">bo</a></span><br>two &lt;i&gt;</p>',
    url: 'https://m.example/@ann/111',
    visibility: 'public',
    spoiler_text: '',
    reblog: null,
    ...more,
  })

  it('looks the account up and reads its public posts as plain text', async () => {
    server.on(lookup, { body: '{"id":"7","username":"ann"}' })
    const shared = { id: '1', content: '<p>shared</p>', url: 'https://other.example/1' }
    const statuses = [
      status({}),
      status({ id: '112', visibility: 'private' }),
      status({ id: '113', spoiler_text: 'careful', url: 'javascript:alert(1)' }),
      status({ id: '114', content: '', reblog: shared }),
    ]
    server.on(list, { body: JSON.stringify(statuses), headers: { etag: 'W/"a"' } })
    const { posts, remote_id, etag } = await mastodon().fetch(known('ann@m.example'))
    assert.deepEqual(
      posts!.map(({ externalId, text, url }) => [externalId, text, url]),
      [
        ['111', 'Hello @bo\ntwo <i>', 'https://m.example/@ann/111'],
        ['113', 'careful', null],
        ['114', 'shared', 'https://other.example/1'],
      ],
    )
    assert.equal(posts![0]!.author, '@ann@m.example')
    assert.deepEqual([remote_id, etag], ['7', 'W/"a"'])
    assert.deepEqual(
      server.requests.slice(-2).map(({ path }) => path),
      [`${lookup}?acct=ann`, `${list}?limit=10&exclude_replies=true`],
    )
  })
  it('asks for what is new alone', async () => {
    server.on(list, { status: 304 })
    const { posts } = await mastodon().fetch(known('ann@m.example', { remote_id: '7', etag: 'W/"a"' }))
    assert.equal(posts, undefined)
    assert.equal(server.requests.at(-1)!.headers['if-none-match'], 'W/"a"')
  })
  it('fails for an unknown account, a limit, and what is no Mastodon', async () => {
    server.on(lookup, { status: 404, body: '{"error":"Record not found"}' })
    assert.match((await failure(mastodon().fetch(known('x@m.example')))).message, /no such account/)
    server.on(list, { status: 429, headers: { 'x-ratelimit-reset': '2026-06-01T00:05:00.000000Z' } })
    const limited = await failure(mastodon().fetch(known('x@m.example', { remote_id: '7' })))
    assert.deepEqual([limited.retryAt, limited.holdsForAll], [new Date('2026-06-01T00:05:00Z'), false])
    server.on(list, { body: '{"items":[]}' })
    assert.match((await failure(mastodon().fetch(known('x@m.example', { remote_id: '7' })))).message, /Mastodon/)
  })
})
