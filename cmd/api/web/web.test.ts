import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import path from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import type { Knex } from 'knex'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics, type Metrics } from '#internal/telemetry/metrics'
import { temporaryDirectory } from '#internal/testing/directory'
import { type HttpServer, serve } from '../http/serve.ts'
import { testConfig } from '../http/testing.ts'
import { startApi } from '../start.ts'

interface Got {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const script = 'console.log("of the user interface")'

describe('the user interface', () => {
  let directory: string
  let remove: () => Promise<void>
  let db: Knex
  let metrics: Metrics
  let server: HttpServer

  /** Paths go out as they are: fetch would tidy them. */
  const send = (method: string, path: string, headers: Record<string, string> = {}) =>
    new Promise<Got>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: server.port, method, path, headers }, async (response) => {
        const body = Buffer.concat(await response.toArray())
        resolve({ status: response.statusCode!, headers: response.headers, body })
      })
      asked.on('error', reject).end()
    })
  const get = (path: string, headers?: Record<string, string>) => send('GET', path, headers)
  const start = async () => {
    metrics = createMetrics('test')
    const { callback } = startApi({ db, logger: silentLog, metrics }, testConfig, { webDirectory: directory })
    server = await serve(callback, 0, '127.0.0.1')
  }
  const isPage = ({ status, headers, body }: Got) => {
    assert.equal(status, 200, String(body))
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(String(body), '<!doctype html><title>Belfry</title>')
  }
  const isProblem = ({ status, headers, body }: Got, expected: number, code: string) => {
    assert.equal(status, expected)
    assert.equal(headers['content-type'], 'application/problem+json')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(JSON.parse(String(body)).code, code)
  }

  beforeEach(async () => {
    const made = await temporaryDirectory()
    directory = path.join(made.directory, 'web')
    remove = made.remove
    await mkdir(path.join(directory, 'assets'), { recursive: true })
    const files: Record<string, string | Buffer> = {
      'index.html': '<!doctype html><title>Belfry</title>',
      'theme.js': 'dark()',
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '.stamp': 'of the build',
      'assets/main-abc.js': script,
      'assets/main-abc.js.br': brotliCompressSync(script),
      'assets/main-abc.js.gz': gzipSync(script),
      'assets/inter-abc.woff2': Buffer.from([1, 2, 3]),
    }
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(directory, name), text)
    await writeFile(path.join(made.directory, 'secret.txt'), 'beside it')
    // Nobody answers there: no file may need PostgreSQL.
    db = createPool({ url: 'postgres://belfry@127.0.0.1:1/none', max: 1, name: 'test' })
    await start()
  })
  afterEach(async () => {
    await server.close()
    await db.destroy()
    await remove()
  })

  it('is the page at / and wherever a browser asks for a page and no route answers', async () => {
    isPage(await get('/'))
    for (const path of ['/', '/index.html', '/topics/1', '/login', '/a.b/c', '/api', '/%00', '/?x=1'])
      isPage(await get(path, page))
  })

  it('is not the page for programs, below /api/, for missing assets and where there is a route', async () => {
    isProblem(await get('/topics/1', { accept: '*/*' }), 404, 'not_found')
    isProblem(await get('/login', { accept: '*/*' }), 405, 'method_not_allowed')
    isProblem(await get('/api/v1/nowhere', page), 404, 'not_found')
    isProblem(await get('/assets/main-old.js', page), 404, 'not_found')
    isProblem(await get('/feed', page), 401, 'unauthenticated')
    assert.equal(String((await get('/ping', page)).body), 'pong')
  })

  it('lets the page have what comes from this host alone, and keeps it out of caches', async () => {
    const { headers } = await get('/topics/1', page)
    assert.equal(
      headers['content-security-policy'],
      "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    )
    assert.equal(headers['cache-control'], 'no-cache')
    assert.equal(headers.vary, 'Accept')
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.ok(headers['x-request-id'])
  })

  it('lets caches keep assets for ever, and ask again for what keeps its name', async () => {
    const asset = await get('/assets/inter-abc.woff2')
    assert.deepEqual([asset.status, [...asset.body]], [200, [1, 2, 3]])
    assert.equal(asset.headers['content-type'], 'font/woff2')
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable')
    const theme = await get('/theme.js')
    assert.deepEqual([theme.status, String(theme.body)], [200, 'dark()'])
    assert.equal(theme.headers['cache-control'], 'no-cache')
    const icon = await get('/icon.svg', page)
    assert.equal(icon.headers['content-type'], 'image/svg+xml')
    assert.equal(icon.headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
  })

  it('goes out compressed as the client takes it', async () => {
    const as = (encoding: string) => get('/assets/main-abc.js', { 'accept-encoding': encoding })
    const plain = await get('/assets/main-abc.js')
    assert.deepEqual([plain.headers['content-encoding'], String(plain.body)], [undefined, script])
    const br = await as('gzip, deflate, br, zstd')
    assert.deepEqual([br.headers['content-encoding'], String(brotliDecompressSync(br.body))], ['br', script])
    const gzip = await as('gzip')
    assert.deepEqual([gzip.headers['content-encoding'], String(gunzipSync(gzip.body))], ['gzip', script])
    const refused = await as('br;q=0, identity')
    assert.deepEqual([refused.headers['content-encoding'], String(refused.body)], [undefined, script])
    for (const { headers } of [plain, br, gzip, refused]) {
      assert.equal(headers.vary, 'Accept-Encoding')
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
    }
  })

  it('is not sent again to whoever has it', async () => {
    const first = await get('/topics/1', page)
    const etag = String(first.headers.etag)
    const again = await get('/topics/2', { ...page, 'if-none-match': etag })
    assert.deepEqual([again.status, again.body.length], [304, 0])
    assert.equal(again.headers['cache-control'], 'no-cache')
    assert.equal(again.headers['content-security-policy'], first.headers['content-security-policy'])
    assert.equal((await get('/', { 'if-none-match': 'W/"another"' })).status, 200)
  })

  it('answers HEAD as GET without the body, and other methods as ever', async () => {
    const head = await send('HEAD', '/topics/1', page)
    assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, '36', 0])
    assert.equal((await send('HEAD', '/assets/none.js', page)).status, 404)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      isProblem(await send(method, '/index.html', page), 404, 'not_found')
  })

  it('sends the whole file where a part is asked for', async () => {
    for (const range of ['bytes=0-1', 'bytes=-1', 'bytes=2-1', 'bytes=900-', 'x'])
      assert.deepEqual([...(await get('/assets/inter-abc.woff2', { range })).body], [1, 2, 3], range)
  })

  it('has nothing but its files', async () => {
    for (const path of [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%5c..%5csecret.txt',
      '//secret.txt',
      '/.stamp',
      '/assets',
      '/assets/',
      '/assets/main-abc.js.br',
      '/assets/main-abc.js%00',
    ])
      isProblem(await get(path), 404, 'not_found')
    isProblem(await get('/%zz', page), 400, 'malformed_path')
  })

  it('stays whole while another one is built', async () => {
    await rm(directory, { recursive: true })
    isPage(await get('/', page))
    assert.equal(String((await get('/assets/main-abc.js')).body), script)
  })

  it('says so where it was not built, and the API is there all the same', async () => {
    await server.close()
    await rm(path.join(directory, 'index.html'))
    await start()
    isProblem(await get('/', page), 404, 'ui_not_built')
    isProblem(await get('/topics/1', page), 404, 'ui_not_built')
    isProblem(await get('/'), 404, 'not_found')
    assert.equal((await get('/ping')).status, 200)
  })

  it('has a label of its own in the metrics, and counts for nothing', async () => {
    for (const path of ['/', '/assets/main-abc.js', '/topics/1']) await get(path, page)
    await get('/assets/none.js')
    const durations = (await metrics.httpDuration.get()).values.filter((one) => one.metricName?.endsWith('_count'))
    assert.deepEqual(
      durations.map(({ labels, value }) => [labels.http_route, labels.http_response_status_code, value]),
      [
        ['ui', '200', 3],
        ['none', '404', 1],
      ],
    )
    assert.deepEqual(
      (await metrics.apiRequests.get()).values.map(({ labels, value }) => [labels.outcome, value]),
      [
        ['success', 1],
        ['failure', 0],
      ],
    )
  })
})
