import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { looksAtCredentials, type Route } from './route.ts'
import { type Caller, expectProblem, nowhere, startTestApi, type TestApi, type TestRequest } from './testing.ts'

const deep = '['.repeat(100_000) + ']'.repeat(100_000)
const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** Bodies that no operation can take, and what is said of them. */
const badBodies: [string, Buffer, number[]][] = [
  ['malformed JSON', Buffer.from('{"a":'), [400]],
  ['nothing but spaces', Buffer.from('  '), [400]],
  ['two megabytes', Buffer.alloc(2 * 1024 * 1024, 0x20), [413]],
  ['100,000 levels', Buffer.from(deep), [422]],
  ['100,000 levels inside a field', Buffer.from(`{"text":${deep}}`), [422]],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), [400]],
  ['UTF-16', Buffer.from('{"username":"a"}', 'utf16le'), [400]],
  ['NUL in a name', Buffer.from('{"a\\u0000":1}'), [422]],
  ['__proto__', Buffer.from('{"__proto__":{"role":"admin"}}'), [422]],
  ['constructor', Buffer.from('{"constructor":{"prototype":{}}}'), [422]],
  ['an unknown field', json({ no_such_field: 1 }), [422]],
  ...['null', 'true', '0', '1e400', '"text"', '[]', '[[]]', '[{}]'].map((text): [string, Buffer, number[]] => [
    text,
    Buffer.from(text),
    [422],
  ]),
]

/** Values that no field takes. */
const badValues: [string, string][] = [
  ['NUL', '"a\\u0000b"'],
  ['a lone surrogate', '"a\\ud800b"'],
  ['a huge number', '1e400'],
  ['an object', '{"a":{"b":1}}'],
  ['nested arrays', '[[[1]]]'],
  ['text of 600,000 characters', `"${'x'.repeat(600_000)}"`],
  ['an operator of another database', '{"$ne":null}'],
]

const badSegments = [
  '%00',
  '%ff',
  '%zz',
  '%',
  '-1',
  '0',
  '1e9',
  '99999999999999999999',
  "'%20or%201=1--",
  '%2e%2e',
  '__proto__',
  'x'.repeat(2000),
]
const isEncoded = (segment: string) => {
  try {
    return decodeURIComponent(segment) !== ''
  } catch {
    return false
  }
}
const badQueries = [
  'limit=-1',
  'limit=9e9',
  'limit=%00',
  'after=%00',
  'after=%ff',
  'limit=%zz',
  'after=W251bGxd',
  'after=WyIxIl0x',
  "limit=1'--",
]

describe('bad input', () => {
  let api: TestApi
  let admin: Caller
  let counts: string
  before(async () => {
    api = await startTestApi({ LOGIN_FAILURES: 90 })
    admin = await api.as('admin')
    counts = await rowCounts()
  })
  after(() => api.stop())
  afterEach(async () => assert.equal(await rowCounts(), counts))

  async function rowCounts(): Promise<string> {
    const { rows } = await api.db.raw(
      `select string_agg(format('select %L as name, count(*) as n from %I', tablename, tablename), ' union all ' order by tablename) as sql
       from pg_tables where schemaname = 'public' and tablename not in ('login_failures')`,
    )
    return JSON.stringify((await api.db.raw(rows[0].sql)).rows)
  }

  const request = (route: Route, options: TestRequest, path = nowhere(route)) =>
    api.request(route.method.toUpperCase(), path, options)
  const send = (route: Route, body: Buffer) => request(route, { token: admin, body })
  const withBody = () => api.routes.filter((route) => route.body)

  for (const [what, body, statuses] of badBodies)
    it(`is refused by every operation: ${what}`, async () => {
      for (const route of withBody()) {
        const answer = await send(route, body)
        assert.ok(statuses.includes(answer.status), `${route.method} ${route.path}: ${answer.status} ${answer.text}`)
        expectProblem(answer, answer.status)
      }
    })

  for (const [what, value] of badValues)
    it(`is refused in every field: ${what}`, async () => {
      for (const route of withBody())
        for (const field of fieldsOf(route)) {
          const answer = await send(route, Buffer.from(`{${JSON.stringify(field)}:${value}}`))
          assert.equal(answer.status, 422, `${route.path} ${field}: ${answer.text.slice(0, 300)}`)
        }
    })

  it('that is only SQL is text like any other', async () => {
    const text = "Robert'); drop table accounts; --"
    const answer = await api.request('PATCH', '/api/v1/me', { token: admin, body: { first_name: text } })
    assert.equal(answer.body.first_name, text)
    const found = await api.request('GET', `/api/v1/accounts?query=${encodeURIComponent(text)}`, { token: admin })
    assert.equal(found.body.items[0].first_name, text)
    await api.db('outbox').delete()
  })
  it('is refused in every path', async () => {
    for (const route of api.routes.filter((r) => r.path.includes(':')))
      for (const segment of badSegments) {
        const options = route.body ? { token: admin, body: {} } : { token: admin }
        const path = route.path.replace(/:\w+/g, segment)
        const answer = await request(route, options, path)
        // fetch takes %2e%2e for "..": the path is another one then.
        assert.ok(answer.status >= 400 && answer.status < 500, `${route.method} ${path}: ${answer.status}`)
        expectProblem(answer, isEncoded(segment) ? answer.status : 400)
      }
  })
  it('is refused in every query', async () => {
    for (const route of api.routes.filter((r) => r.query))
      for (const query of badQueries) {
        const answer = await request(route, { token: admin }, `${nowhere(route)}?${query}`)
        // What `after` holds may be looked at after what the path names.
        const allowed = route.params && query.startsWith('after') ? [400, 404, 422] : [400, 422]
        assert.ok(allowed.includes(answer.status), `${route.path}?${query}: ${answer.status} ${answer.text}`)
      }
  })
  it('is refused in headers', async () => {
    for (const headers of [
      { authorization: 'Bearer \xff\xfe' },
      { authorization: `Bearer ${'a'.repeat(64)} ${'b'.repeat(64)}` },
      { authorization: 'Bearer a.b.c'.repeat(500) },
      { authorization: 'JWT e30.e30.e30' },
    ])
      for (const route of api.routes.filter(looksAtCredentials)) expectProblem(await request(route, { headers }), 401)
    const odd = { 'x-forwarded-for': "'; drop table sessions", traceparent: 'x', 'user-agent': '\xff' }
    assert.equal((await api.request('GET', '/ping', { headers: odd })).status, 200)
  })
  it('is refused without credentials, before anything else is looked at', async () => {
    for (const route of api.routes.filter((r) => r.access !== 'public'))
      expectProblem(await request(route, route.body ? { body: '{' } : {}), 401)
  })
  it('is refused in the wrong media type by every operation', async () => {
    const headers = { 'content-type': 'text/plain' }
    for (const route of api.routes.filter((r) => r.body || r.upload))
      expectProblem(await request(route, { token: admin, body: '{}', headers }), 415, 'unsupported_media_type')
  })
  it('is cut off at the limit when it comes in chunks without a length', async () => {
    const { status, sent } = await new Promise<{ status: number; sent: number }>((resolve, reject) => {
      let sentBytes = 0
      const request = httpRequest(`${api.url}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      request.on('response', (response) => {
        response.resume()
        resolve({ status: response.statusCode ?? 0, sent: sentBytes })
        request.destroy()
      })
      request.on('error', reject)
      const chunk = Buffer.alloc(64 * 1024, 0x20)
      const more = () => {
        if (request.destroyed || sentBytes > 50 * 1024 * 1024) return
        sentBytes += chunk.length
        request.write(chunk, more)
      }
      more()
    })
    assert.equal(status, 413)
    assert.ok(sent < 20 * 1024 * 1024, `${sent} bytes were sent`)
  })

  /** Names of the fields of a route's body, from its documented schema. */
  function fieldsOf(route: Route): string[] {
    const { shape } = route.body as unknown as { shape?: Record<string, unknown> }
    return Object.keys(shape ?? {})
  }
})
