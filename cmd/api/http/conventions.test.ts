import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createPool } from '#internal/db/pool'
import { silentLog } from '#internal/telemetry/log'
import { createMetrics } from '#internal/telemetry/metrics'
import { startApi } from '../start.ts'
import { refuse, serve } from './serve.ts'
import { expectProblem, startTestApi, type TestApi, testConfig } from './testing.ts'

describe('every answer', () => {
  let api: TestApi
  before(async () => {
    api = await startTestApi()
  })
  after(() => api.stop())

  it('returns the request id that was sent, if it is one', async () => {
    const id = async (sent: string) =>
      (await api.request('GET', '/ping', { headers: { 'x-request-id': sent } })).headers.get('x-request-id')
    assert.equal(await id('abc.D-E_9'), 'abc.D-E_9')
    for (const bad of ['', 'a b', '<x>', 'x'.repeat(129)]) assert.match((await id(bad)) ?? '', /^[0-9a-f-]{36}$/)
  })
  it('has the security headers, errors too', async () => {
    for (const path of ['/ping', '/nowhere', '/api/v1/me', '/%zz']) {
      const { headers } = await api.request('GET', path)
      assert.equal(headers.get('x-content-type-options'), 'nosniff')
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
      assert.equal(headers.get('x-frame-options'), 'DENY')
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('x-powered-by'), null)
    }
  })
  it('is 404 for an unknown path', async () => {
    for (const path of ['/', '/nowhere', '/api/v1/me/', '/api/v1//me', '/status/', '/__proto__', '/constructor'])
      expectProblem(await api.request('GET', path), 404, 'not_found')
  })
  it('is 405 with Allow for another method', async () => {
    const answer = await api.request('DELETE', '/login')
    expectProblem(answer, 405, 'method_not_allowed')
    assert.equal(answer.headers.get('allow'), 'POST, OPTIONS')
  })
  it('to OPTIONS says what is allowed', async () => {
    const answer = await api.request('OPTIONS', '/api/v1/me')
    assert.deepEqual([answer.status, answer.headers.get('allow')], [204, 'HEAD, GET, PATCH, OPTIONS'])
  })
  it('to HEAD is that to GET without the body', async () => {
    const get = await api.request('GET', '/ping')
    const head = await api.request('HEAD', '/ping')
    assert.deepEqual([head.status, head.text, head.headers.get('content-length')], [200, '', '4'])
    assert.equal(get.text, 'pong')
    assert.equal(get.headers.get('content-type'), 'text/plain; charset=utf-8')
  })
  it('reports writes, and only those that succeeded', async () => {
    const me = await api.as('member')
    const before = api.writes()
    await api.request('GET', '/api/v1/me', { token: me })
    await api.request('PUT', '/api/v1/me/status', { token: me, body: {} })
    assert.equal(api.writes(), before)
    await api.request('PUT', '/api/v1/me/status', { token: me, body: { status: 'x' } })
    assert.equal(api.writes(), before + 1)
  })
  it('takes application/json in its usual forms', async () => {
    const me = await api.as('member')
    const put = (type: string) =>
      api.request('PUT', '/api/v1/me/status', { token: me, body: '{"status":"x"}', headers: { 'content-type': type } })
    for (const type of [
      'application/json; charset=utf-8',
      'Application/JSON;charset="UTF-8"',
      'application/merge-patch+json',
    ])
      assert.equal((await put(type)).status, 200, type)
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      'application/jsonx',
    ])
      expectProblem(await put(type), 415, 'unsupported_media_type')
  })
  it('needs a body where there is one to be', async () => {
    expectProblem(await api.request('POST', '/login'), 400, 'body_missing')
    expectProblem(await api.request('POST', '/login', { headers: { 'content-type': 'application/json' } }), 400)
  })
  it('is 503 and not 401 while PostgreSQL is away', async () => {
    const db = createPool({ url: 'postgres://belfry@127.0.0.1:1/none', max: 1, name: 'test' })
    const { callback } = startApi({ db, logger: silentLog, metrics: createMetrics('test') }, testConfig)
    const server = await serve(callback, 0, '127.0.0.1')
    const send = (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const authorized = await send('/api/v1/me', { headers: { authorization: `Bearer ${'0'.repeat(64)}` } })
    assert.deepEqual([authorized.status, authorized.headers.get('retry-after')], [503, '1'])
    const body = JSON.stringify({ username: 'a', password: 'b' })
    const login = await send('/login', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    assert.deepEqual([login.status, ((await login.json()) as { code: string }).code], [503, 'unavailable'])
    assert.equal((await send('/ping', {})).status, 200)
    await server.close()
    await db.destroy()
  })
})

describe('the listener', () => {
  const raw = (port: number, text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text))
      let got = ''
      socket.on('data', (data) => (got += data))
      socket.on('close', () => resolve(got)).on('error', reject)
    })

  it('refuses what is not HTTP with a bare status', async () => {
    const server = await serve((_, response) => response.end('ok'), 0, '127.0.0.1')
    assert.match(await raw(server.port, 'rubbish\r\n\r\n'), /^HTTP\/1.1 400 /)
    assert.match(await raw(server.port, `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1.1 431 /)
    assert.match(await raw(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n'), /^HTTP\/1.1 400 /)
    await server.close()
  })
  it('finishes a running request when it stops, and no keep-alive connection holds it up', async () => {
    const entered = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const server = await serve(
      async (_, response) => {
        entered.resolve()
        await go.promise
        response.end('done')
      },
      0,
      '127.0.0.1',
    )
    const answer = raw(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await entered.promise
    const closed = server.close()
    go.resolve()
    assert.match(await answer, /done$/)
    await closed
  })
  it('sends whoever asks elsewhere before it stops, also those who have waited for long', async () => {
    const entered = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const server = await serve(
      async (request, response) => {
        entered.resolve()
        if (request.url === '/wait') await go.promise
        response.end('done')
      },
      0,
      '127.0.0.1',
    )
    const ask = (path: string) => raw(server.port, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)
    const waiting = ask('/wait')
    await entered.promise
    server.leave()
    // Still served; both connections end by themselves.
    assert.match(await ask('/'), /^HTTP\/1.1 200 .*\r\nConnection: close\r\n.*done$/s)
    go.resolve()
    assert.match(await waiting, /\r\nConnection: close\r\n.*done$/s)
    await server.close()
  })
  it('is not held up by connections that never asked anything, nor by half a request', async () => {
    const server = await serve((_, response) => response.end('ok'), 0, '127.0.0.1')
    const ends: Promise<unknown>[] = []
    for (const text of ['', 'GET / HTTP/1.1\r\nHost']) {
      const socket = connect(server.port, '127.0.0.1').resume()
      await once(socket, 'connect')
      socket.write(text)
      ends.push(once(socket, 'close'))
    }
    // Comes after them, so the server knows them.
    await raw(server.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    await server.close()
    await Promise.all(ends)
  })
  it('drops a reset connection without a word', () => {
    let destroyed = false
    const socket = { writable: true, end: () => assert.fail('written'), destroy: () => (destroyed = true) }
    refuse(Object.assign(new Error(), { code: 'ECONNRESET' }), socket as never)
    assert.ok(destroyed)
  })
})
