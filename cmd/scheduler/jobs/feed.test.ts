import assert from 'node:assert/strict'
import path from 'node:path'
import { newestItems } from '#internal/feed/store'
import { type FakeServer, startFakeServer } from '#internal/feed/testing'
import { runChild } from '#internal/testing/child'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'

const main = path.join(import.meta.dirname, '../main.ts')

describe('the job feed', function () {
  // Each run is a process of its own.
  this.timeout(60_000)

  let database: TestDatabase
  let server: FakeServer
  beforeEach(async () => {
    database = await testDatabase()
    server = await startFakeServer()
    server.on('/rss', {
      body: '<rss><channel><title>News</title><item><title>tea</title><guid>1</guid></item></channel></rss>',
    })
    server.on('/2/users/by/username/annx', { body: '{"data":{"id":"12"}}' })
    const tweet = { id: '20', text: 'hi', created_at: '2026-01-01T00:00:00.000Z' }
    server.on('/2/users/12/tweets', { body: JSON.stringify({ data: [tweet] }) })
    const account = {
      username: 'ann',
      role: 'member',
      password_hash: '',
      created_at: new Date(),
      twitter_username: 'AnnX',
    }
    const [{ id }] = await database.db('accounts').insert(account).returning('id')
    const profile = { kind: 'rss', address: `${server.url}/rss`, created_at: new Date(), next_fetch_at: new Date() }
    const [{ id: profile_id }] = await database.db('profiles').insert(profile).returning('id')
    await database.db('profile_links').insert({ account_id: id, profile_id, linked_at: new Date() })
  })
  afterEach(async () => {
    await server.stop()
    await database.drop()
  })

  const run = (env: Record<string, string>) =>
    runChild(main, ['feed'], { PATH: process.env.PATH, BELFRY_DATABASE_URL: database.url, ...env })
  const x = () => ({ BELFRY_X_API_URL: server.url, BELFRY_X_API_TOKEN: 'token' })
  const result = async (env: Record<string, string>) => {
    const child = run(env)
    assert.equal(await child.ended, 0, child.stdout + child.stderr)
    const { fetched, failed, items } = JSON.parse(child.stdout)
    return { fetched, failed, items }
  }
  const asked = () => server.requests.filter(({ path }) => path === '/rss').length
  const texts = async () => (await newestItems(database.db, 10)).map(({ text }) => text)

  it('fetches what the settings allow', async () => {
    assert.deepEqual(await result({}), { fetched: 0, failed: 1, items: 0 }, 'a private address, and no token for X')
    assert.equal(server.requests.length, 0)
    await database.db('profiles').update({ next_fetch_at: new Date() })
    assert.deepEqual(await result({ BELFRY_FEED_ALLOW_PRIVATE: 'on', ...x() }), { fetched: 2, failed: 0, items: 2 })
    assert.deepEqual(await texts(), ['tea', 'hi'])
  })

  it('fetches each profile once with two processes at once, and again after one was killed', async () => {
    const env = { BELFRY_FEED_ALLOW_PRIVATE: 'on', ...x() }
    const both = await Promise.all([result(env), result(env)])
    assert.equal(both[0].fetched + both[1].fetched, 2)
    assert.equal(asked(), 1)
    await database.db('profiles').update({ next_fetch_at: new Date() })
    server.on('/rss', () => undefined)
    const killed = run(env)
    await waitFor(() => asked() === 2, { what: 'the fetch' })
    killed.process.kill('SIGKILL')
    await killed.ended
    server.on('/rss', { status: 304 })
    await result(env)
    assert.equal(asked(), 2, 'the killed one has it still')
    await database.db('profiles').whereNotNull('leased_until').update({ leased_until: new Date() })
    await result(env)
    assert.equal(asked(), 3)
    assert.deepEqual(await texts(), ['tea', 'hi'])
  })
})
