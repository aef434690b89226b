import assert from 'node:assert/strict'
import { findFreePort } from '#internal/embedded-postgres/ports'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { belfry, Server } from './testing.ts'

describe('belfry check', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let server: Server
  let env: Record<string, string>

  beforeEach(async () => {
    database = await testDatabase()
    server = await Server.create(database.url)
    env = { HOME: '/nonexistent', BELFRY_DATABASE_URL: database.url, BELFRY_URL: server.url }
  })
  afterEach(async () => {
    await server.remove()
    await database.drop()
  })

  const post = async (path: string, body: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(server.url + path, init)
    return { status: response.status, body: (await response.json()) as { role?: string } }
  }

  it('sees a message through, however often and however many at once', async () => {
    await server.start()
    const { code, out } = await belfry(['check'], { env })
    assert.equal(code, 0)
    assert.match(out, /^A message went from its POST to the WebSocket in \d+ ms\.\n$/)
    const more = await Promise.all([1, 2].map(() => belfry(['check', '--json'], { env })))
    for (const each of more) assert.equal(typeof JSON.parse(each.out).ms, 'number', each.error)
    assert.equal((await database.db('conversations')).length, 1)
    assert.equal((await database.db('messages')).length, 3)
  })

  it('leaves an account that nobody can use, and that is not the first', async () => {
    await server.start()
    await belfry(['check'], { env })
    const [account] = await database.db('accounts')
    assert.equal(account.role, 'member')
    assert.notEqual(account.disabled_at, null)
    assert.deepEqual(await database.db('sessions'), [])
    const { username } = account
    assert.equal((await post('/api/v1/sessions', { username, password: '' })).status, 422)
    assert.equal((await post('/api/v1/sessions', { username, password: 'none' })).status, 401)
    assert.equal((await post('/api/v1/accounts', { username, password: 'correct horse' })).status, 422)
    assert.equal((await post('/api/v1/accounts', { username: 'ada', password: 'correct horse' })).body.role, 'admin')
  })

  it('fails with one line when nothing answers, and when the stream is elsewhere', async () => {
    const nobody = `http://127.0.0.1:${await findFreePort()}`
    const away = await belfry(['check', '--url', nobody], { env })
    assert.deepEqual(away, { code: 1, out: '', error: `Nothing answers at ${nobody}. Is Belfry running there?\n` })
    await server.start()
    const { code, error } = await belfry(['check', '--push-url', nobody], { env })
    assert.equal(code, 1)
    assert.match(error, /^The stream at ws:\/\/127\.0\.0\.1:\d+\/api\/v1\/stream ended: .*ECONNREFUSED.*\.\n$/)
    assert.notEqual((await database.db('accounts').first()).disabled_at, null)
  })
})
