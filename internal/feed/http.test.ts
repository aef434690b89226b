import assert from 'node:assert/strict'
import { createGet, type Got } from './http.ts'
import { type FakeServer, failure, startFakeServer } from './testing.ts'

describe('requests to providers', () => {
  let server: FakeServer
  before(async () => {
    server = await startFakeServer()
  })
  after(() => server.stop())

  const get = (path: string, allowPrivate = true): Promise<Got> => createGet(allowPrivate)(new URL(path, server.url))

  it('follow redirects a few times', async () => {
    server.on('/a', { status: 301, headers: { location: '/b' } })
    server.on('/b', { status: 302, headers: { location: `${server.url}/c` } })
    server.on('/c', { body: 'here' })
    const got = await get('/a')
    assert.deepEqual([got.body.toString(), got.url.pathname], ['here', '/c'])
    server.on('/loop', { status: 302, headers: { location: '/loop' } })
    assert.match((await failure(get('/loop'))).message, /too often/)
  })
  it('follow none to other protocols', async () => {
    for (const location of ['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/xml,<rss/>', 'http://[']) {
      server.on('/to', { status: 302, headers: { location } })
      await failure(get('/to'))
    }
  })
  it('are refused for private addresses, by whatever name', async () => {
    const { port } = server
    const before = server.requests.length
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '0.0.0.0',
      '[::]',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '127.1',
      '0177.0.0.1',
    ]
    for (const host of [
      ...hosts,
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '[fd00::1]',
      '[fe80::1]',
      '[64:ff9b::7f00:1]',
    ])
      assert.equal(
        (await failure(get(`http://${host}:${port}/c`, false))).message,
        'The address cannot be reached.',
        host,
      )
    assert.equal(server.requests.length, before)
  })
  it('are refused for private addresses that a public one redirects to', async function () {
    // Every address of 127.0.0.0/8 is this machine; elsewhere than on Linux only the first one is.
    if (process.platform !== 'linux') this.skip()
    const outside = await startFakeServer('127.0.0.2')
    const get = createGet(false, ['127.0.0.2'])
    const before = server.requests.length
    try {
      outside.on('/ok', { body: 'fine' })
      assert.equal((await get(new URL('/ok', outside.url))).body.toString(), 'fine')
      for (const location of [
        `${server.url}/c`,
        `//localhost:${server.port}/c`,
        `http://[::ffff:127.0.0.1]:${server.port}/c`,
      ]) {
        outside.on('/in', { status: 302, headers: { location } })
        assert.match((await failure(get(new URL('/in', outside.url)))).message, /cannot be reached/)
      }
    } finally {
      await outside.stop()
    }
    assert.equal(server.requests.length, before)
  })
  it('end at 1 MiB, announced or not', async () => {
    server.on('/huge', { body: Buffer.alloc(1024 * 1024 + 1) })
    assert.match((await failure(get('/huge'))).message, /larger than 1 MiB/)
    let written = 0
    server.on('/endless', (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536
      }
      response.on('drain', more)
      more()
      return undefined
    })
    assert.match((await failure(get('/endless'))).message, /larger than 1 MiB/)
    assert.ok(written < 64 * 1024 * 1024)
  })
  it('end after ten seconds, though something keeps coming', async function () {
    this.timeout(20_000)
    server.on('/slow', (_, response) => {
      const timer = setInterval(() => response.write('x'), 200)
      response.on('close', () => clearInterval(timer))
      return undefined
    })
    const started = performance.now()
    assert.equal((await failure(get('/slow'))).message, 'The answer took too long.')
    assert.ok(performance.now() - started < 12_000)
  })
  it('say little of what cannot be reached', async () => {
    for (const url of ['http://127.0.0.1:9/', 'http://does-not-exist.invalid/'])
      assert.equal((await failure(get(url))).message, 'The address cannot be reached.')
  })
})
