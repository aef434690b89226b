import assert from 'node:assert/strict'
import { createGet } from './http.ts'
import { FetchError, type Known } from './provider.ts'
import { createRss } from './rss.ts'
import { clock, type FakeServer, failure, known, startFakeServer } from './testing.ts'

const rssBody = `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
  <title>News &amp; more</title><link>https://news.example/</link>
  <item><title>Tea &lt;b&gt;now&lt;/b&gt;</title><link>/tea</link><guid isPermaLink="false">g-1</guid>
    <pubDate>Mon, 25 May 2026 10:00:00 +0200</pubDate><dc:creator>Ann</dc:creator></item>
  <item><description><![CDATA[<p>Only <a href="https://evil.example">text</a></p><script>alert(1)</script>]]></description>
    <link>javascript:alert(1)</link><pubDate>Sun, 24 May 2026 10:00:00 GMT</pubDate></item>
  <item></item>
</channel></rss>`

const atomBody = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title>
  <entry><id>urn:1</id><title>First</title><link href="https://log.example/1"/><updated>2026-05-01T00:00:00Z</updated></entry></feed>`

describe('RSS and Atom', () => {
  let server: FakeServer
  before(async () => {
    server = await startFakeServer()
  })
  after(() => server.stop())

  const rss = createRss({ get: createGet(true), clock })
  const fetch = (path: string, more: Partial<Known> = {}) => rss.fetch(known(server.url + path, more))

  it('reads RSS: plain text, web links alone, times in UTC', async () => {
    server.on('/rss', { body: rssBody, headers: { etag: '"1"', 'last-modified': 'Mon, 25 May 2026 08:00:00 GMT' } })
    const fetched = await fetch('/rss')
    const [tea, only] = fetched.posts!
    assert.deepEqual(tea, {
      externalId: 'g-1',
      author: 'Ann',
      text: 'Tea now',
      url: 'https://news.example/tea',
      publishedAt: new Date('2026-05-25T08:00:00Z'),
    })
    assert.deepEqual([only!.text, only!.url, only!.author], ['Only text', null, 'News & more'])
    assert.equal(fetched.posts!.length, 2)
    assert.deepEqual([fetched.etag, fetched.last_modified], ['"1"', 'Mon, 25 May 2026 08:00:00 GMT'])
  })

  it('reads Atom', async () => {
    server.on('/atom', { body: atomBody })
    const [post] = (await fetch('/atom')).posts!
    assert.deepEqual([post!.externalId, post!.text, post!.author], ['urn:1', 'First', 'Log'])
    assert.deepEqual(post!.publishedAt, new Date('2026-05-01T00:00:00Z'))
  })

  it('asks for what is new alone, and takes 304 for nothing', async () => {
    server.on('/same', { status: 304 })
    const before = { etag: 'W/"x"', last_modified: 'Mon, 25 May 2026 08:00:00 GMT' }
    assert.deepEqual(await fetch('/same', before), { remote_id: null, ...before })
    const { headers } = server.requests.at(-1)!
    assert.deepEqual([headers['if-none-match'], headers['if-modified-since']], [before.etag, before.last_modified])
  })

  it('keeps the newest of many, in whatever order they come', async () => {
    const item = (day: number) =>
      `<item><title>t${day}</title><pubDate>${new Date(day * 86_400_000).toUTCString()}</pubDate></item>`
    server.on('/many', {
      body: `<rss><channel>${Array.from({ length: 300 }, (_, i) => item(i)).join('')}</channel></rss>`,
    })
    const { posts } = await fetch('/many')
    assert.deepEqual([posts!.length, posts![0]!.text, posts!.at(-1)!.text], [50, 't299', 't250'])
  })

  it('reads other encodings, by header and by declaration', async () => {
    const text = (encoding: string) =>
      `<?xml version="1.0"${encoding}?><rss><channel><item><title>caf\u00e9</title></item></channel></rss>`
    server.on('/declared', { body: Buffer.from(text(' encoding="ISO-8859-1"'), 'latin1') })
    server.on('/header', {
      body: Buffer.from(text(''), 'latin1'),
      headers: { 'content-type': 'text/xml; charset=iso-8859-1' },
    })
    for (const path of ['/declared', '/header']) assert.equal((await fetch(path)).posts![0]!.text, 'caf\u00e9')
  })

  const bombs: Record<string, string> = {
    'malformed XML': '<rss><channel><item><title>x</channel>',
    HTML: '<!doctype html><html><body>hello</body></html>',
    nothing: '',
    'deep nesting': `<rss><channel>${'<a>'.repeat(200_000)}`,
    'external entities':
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&x;</title></item></channel></rss>',
  }
  for (const [what, body] of Object.entries(bombs)) {
    it(`is harmless for ${what}`, async () => {
      server.on('/bomb', { body })
      const result = await fetch('/bomb').catch((error) => error)
      if (result instanceof FetchError) assert.equal(result.message, 'This is not an RSS or Atom feed.')
      else
        assert.deepEqual(
          result.posts!.filter((post: { text: string }) => /root:/.test(post.text)),
          [],
        )
    })
  }

  it('does not unfold entities of entities, nor nested HTML, without end', async () => {
    const lol = (n: number) => `<!ENTITY l${n} "${`&l${n - 1};`.repeat(10)}">`
    const body = `<!DOCTYPE a [<!ENTITY l0 "lol">${Array.from({ length: 9 }, (_, i) => lol(i + 1)).join('')}]><rss><channel><item><title>&l9;</title></item></channel></rss>`
    server.on('/lol', { body })
    server.on('/divs', {
      body: `<rss><channel><item><description><![CDATA[${'<div>'.repeat(150_000)}]]></description></item></channel></rss>`,
    })
    const started = performance.now()
    for (const path of ['/lol', '/divs'])
      await fetch(path).catch((error) => assert.ok(error instanceof FetchError, `${error}`))
    assert.ok(performance.now() - started < 3000)
  })

  it('says what the server answered, and when it wants to be asked again', async () => {
    assert.equal((await failure(fetch('/nothing'))).message, 'The server answered 404.')
    server.on('/busy', { status: 503, headers: { 'retry-after': '120' } })
    assert.deepEqual((await failure(fetch('/busy'))).retryAt, new Date(clock.now().getTime() + 120_000))
    server.on('/busy', { status: 429, headers: { 'retry-after': 'Mon, 01 Jun 2026 01:00:00 GMT' } })
    assert.deepEqual((await failure(fetch('/busy'))).retryAt, new Date('2026-06-01T01:00:00Z'))
    server.on('/busy', { status: 429, headers: { 'retry-after': 'soon' } })
    assert.equal((await failure(fetch('/busy'))).retryAt, undefined)
  })
})
