import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { generate } from 'otplib'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { belfry, Server } from './testing.ts'

describe('belfry as a client', function () {
  this.timeout(90_000)
  let database: TestDatabase
  let server: Server
  let home: string
  let env: Record<string, string>

  before(async () => {
    database = await testDatabase()
    server = await Server.create(database.url)
    await server.start()
    const made = { env: { BELFRY_DATABASE_URL: database.url }, input: 'lovelace' }
    for (const name of ['ada', 'bob'])
      assert.equal((await belfry(['accounts', 'create', name, '--password-stdin'], made)).code, 0)
  })
  after(async () => {
    await server.remove()
    await database.drop()
  })
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'belfry-test-login-'))
    env = { HOME: home, BELFRY_URL: server.url }
  })
  afterEach(() => rm(home, { recursive: true, force: true }))

  const run = (args: string[], input = '') => belfry(args, { env, input })
  const logIn = (username: string, ...more: string[]) =>
    run(['login', username, '--password-stdin', ...more], 'lovelace\n')
  const file = () => path.join(home, '.config/belfry/credentials.json')
  const stored = async () => JSON.parse(await readFile(file(), 'utf8'))

  function send(method: string, where: string, body: object, credential?: string): Promise<Response> {
    const authorization = credential ? { authorization: `Bearer ${credential}` } : {}
    const headers = { 'content-type': 'application/json', ...authorization }
    return fetch(server.url + where, { method, headers, body: JSON.stringify(body) })
  }
  const post = async (where: string, body: object, credential?: string) =>
    (await (await send('POST', where, body, credential)).json()) as { token: string; secret: string }

  it('login keeps the token where only its user can read it, and shows it to nobody', async () => {
    const { code, out, error } = await logIn('ada')
    assert.deepEqual([code, error], [0, ''])
    const { current, servers } = await stored()
    assert.equal(current, server.url)
    const { token, username, expires_at } = servers[server.url]
    assert.match(token, /^[0-9a-f]{64}$/)
    assert.equal(username, 'ada')
    assert.equal(out, `Logged in to ${server.url} as ada, admin, until ${expires_at}.\nThe token is in ${file()}.\n`)
    assert.equal((await stat(file())).mode & 0o777, 0o600)
    assert.equal((await stat(path.dirname(file()))).mode & 0o777, 0o700)
    // From now on the URL need not be said.
    delete env.BELFRY_URL
    assert.equal((await run(['alert', 'drill', '--all'])).code, 0)
  })

  it('login says what is wrong, and keeps nothing', async () => {
    const wrong = await run(['login', 'ada', '--password-stdin'], 'menabrea')
    assert.deepEqual([wrong.code, wrong.out], [1, ''])
    assert.match(wrong.error, /^The username or the password is wrong.*\n$/)
    const nobody = await logIn('ada', '--url', 'http://127.0.0.1:1')
    assert.deepEqual(
      [nobody.code, nobody.error],
      [1, 'Nothing answers at http://127.0.0.1:1. Is Belfry running there?\n'],
    )
    assert.equal((await logIn('ada', '--url', 'belfry.example.com')).code, 2)
    assert.equal((await run(['login'])).code, 2)
    await assert.rejects(stat(file()))
    await writeFile(path.join(home, '.config'), 'in the way')
    const unwritable = await logIn('ada')
    assert.equal(unwritable.code, 1)
    assert.match(unwritable.error, /credentials\.json cannot be (read|written): .*\n$/)
  })

  it('login says when something else than Belfry answers', async () => {
    const other = createServer((_, response) => response.end('<h1>It works!</h1>'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const { code, error } = await logIn('ada', '--url', url)
    assert.deepEqual([code, error], [1, `What answers at ${url} is not Belfry's API (status 200).\n`])
    other.close()
  })

  it('login asks for the code of an account that needs one', async () => {
    const { token } = await post('/api/v1/sessions', { username: 'bob', password: 'lovelace' })
    const { secret } = await post('/api/v1/me/totp', {}, token)
    const [now, next] = [
      await generate({ secret }),
      await generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }),
    ]
    assert.ok((await send('POST', '/api/v1/me/totp/confirm', { code: now }, token)).ok)
    const without = await logIn('bob')
    assert.equal(without.code, 1)
    assert.match(without.error, /^A code .* is needed.*--totp.*\n$/)
    const { code, error } = await logIn('bob', '--totp', next)
    assert.deepEqual([code, error], [0, ''])
    await database.db('accounts').where({ username: 'bob' }).update({ totp_enabled: false, totp_secret: null })
  })

  it('logout ends the session and forgets the token', async () => {
    await logIn('ada', '--json')
    const { token } = (await stored()).servers[server.url]
    const me = () => fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await me()).status, 200)
    assert.equal((await run(['logout'])).out, `Logged out of ${server.url}.\n`)
    assert.equal((await me()).status, 401)
    assert.deepEqual(await stored(), { servers: {} })
    assert.equal((await run(['logout'])).out, `Nobody is logged in to ${server.url}.\n`)
  })

  it('says who must log in, and never gives the token of one server to another', async () => {
    const none = await run(['alert', 'drill', '--all'])
    assert.equal(none.code, 1)
    assert.equal(none.error, `There is no token for ${server.url}. Run \`belfry login\`, or set BELFRY_TOKEN.\n`)
    await logIn('ada')
    const other = await run(['alert', 'drill', '--all', '--url', 'http://127.0.0.1:1'])
    assert.match(other.error, /^There is no token for http:\/\/127\.0\.0\.1:1\./)
    const bad = await run(['alert', 'drill', '--all', '--token', 'nonsense'])
    assert.deepEqual([bad.code, bad.out], [1, ''])
    assert.match(bad.error, /^.* Run `belfry login`\.\n$/)
    await writeFile(file(), 'not JSON')
    assert.match((await run(['alert', 'drill', '--all'])).error, /credentials\.json is damaged\./)
  })

  describe('alert', () => {
    let token: string

    before(async () => {
      const made = { env: { BELFRY_DATABASE_URL: database.url }, input: 'email,phone_number\n' }
      for (const n of [1, 2, 3]) made.input += `p${n}@example.com,212-555-000${n}\n`
      await belfry(['objects', 'import', '-'], made)
      token = await post('/api/v1/sessions', { username: 'ada', password: 'lovelace' }).then((body) => body.token)
    })
    beforeEach(() => {
      env.BELFRY_TOKEN = token
    })

    it('goes to all or to the objects that are named, and says to how many', async () => {
      const all = await run(['alert', 'drill', '--all'])
      assert.deepEqual([all.code, all.error], [0, ''])
      assert.match(all.out, /^Alert \d+ is on its way to 3 objects\.\n$/)
      const by = new Date(Date.now() + 3_600_000).toISOString()
      const some = ['alert', 'fire', '--to', '1,2', '--to', '77', '--severity', 'critical', '--acknowledge-by', by]
      const alert = JSON.parse((await run([...some, '--json'])).out)
      assert.deepEqual(
        [alert.text, alert.severity, alert.number_of_objects_receiving_alert, alert.acknowledge_by, alert.raised_by],
        ['fire', 'critical', 2, by, 'ada'],
      )
      const soon = JSON.parse((await run(['alert', 'fire', '--all', '--acknowledge-by', '15m', '--json'])).out)
      const minutes = (Date.parse(soon.acknowledge_by) - Date.parse(soon.created_at)) / 60_000
      assert.ok(minutes > 14 && minutes < 16)
    })

    it('--wait follows the roll-call until everybody has got it', async () => {
      const path = '/api/v1/objects/1/inbox-token'
      const inbox = await post(path, {}, token)
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/inbox/1`, [
        'belfry.v1',
        `bearer.${inbox.token}`,
      ])
      await new Promise((resolve) => socket.addEventListener('open', resolve))
      const { code, out, error } = await run(['alert', 'drill', '--to', '1', '--wait', '--timeout', '20'])
      assert.deepEqual([code, error], [0, ''])
      assert.match(
        out,
        /^Alert \d+ is on its way to 1 object\.\n(0 of 1 .*\n)?1 of 1 delivered, 0 read, 0 acknowledged\n$/,
      )
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve))
      socket.close()
      await closed
    })

    it('--wait fails when somebody has not got it in time', async () => {
      const { code, out, error } = await run(['alert', 'drill', '--to', '2', '--wait', '--timeout', '1', '--json'])
      assert.deepEqual([code, error], [1, '1 of 1 have not got it after 1 seconds.\n'])
      assert.deepEqual(JSON.parse(out).roll_call, { targeted: 1, delivered: 0, read: 0, acknowledged: 0 })
    })

    it('says what is wrong', async () => {
      for (const args of [
        [],
        ['--all', '--to', '1'],
        ['--to', 'x'],
        ['--all', '--severity', 'odd'],
        ['--all', '--acknowledge-by', 'soon'],
      ])
        assert.equal((await run(['alert', 'drill', ...args])).code, 2, args.join(' '))
      const past = await run(['alert', 'drill', '--all', '--acknowledge-by', '2020-01-01T00:00:00Z'])
      assert.deepEqual(
        [past.code, past.error],
        [1, 'Some fields are not valid. acknowledge_by: must be in the future\n'],
      )
      const member = await post('/api/v1/sessions', { username: 'bob', password: 'lovelace' })
      env.BELFRY_TOKEN = member.token
      const { code, error } = await run(['alert', 'drill', '--all'])
      assert.equal(code, 1)
      assert.match(error, /^.+\n$/)
    })
  })
})
