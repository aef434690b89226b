import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { findCredentials } from '#internal/accounts/store'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { belfry, commandLine } from './testing.ts'

describe('belfry accounts', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let env: Record<string, string>

  beforeEach(async () => {
    database = await testDatabase()
    env = { BELFRY_DATABASE_URL: database.url }
  })
  afterEach(() => database.drop())

  const accounts = (args: string[], input = '') => belfry(['accounts', ...args], { env, input })
  const create = (username: string, ...more: string[]) =>
    accounts(['create', username, '--password-stdin', ...more], 'lovelace\n')
  const events = async () => (await database.db('outbox').orderBy('id')).map(({ scope, event }) => `${scope} ${event}`)
  const hashOf = async (username: string) => (await findCredentials(database.db, username))?.password_hash

  it('create makes accounts, the first an admin, others what they are to be', async () => {
    assert.deepEqual(await create('ada'), { code: 0, out: 'Made ada, admin, id 1.\n', error: '' })
    assert.deepEqual(await create('bob'), { code: 0, out: 'Made bob, member, id 2.\n', error: '' })
    const json = await create('cleo', '--role', 'dispatcher', '--email', 'cleo@example.com', '--json')
    const { created_at, ...cleo } = JSON.parse(json.out)
    assert.deepEqual(cleo, { id: 3, username: 'cleo', role: 'dispatcher', email: 'cleo@example.com', disabled: false })
    assert.ok(Date.parse(created_at) > 0)
    assert.deepEqual(await events(), ['account:3 account.updated'])
  })

  it('create refuses what the API refuses, and makes nothing', async () => {
    await create('ada', '--email', 'ada@example.com')
    assert.deepEqual(await create('ADA'), { code: 1, out: '', error: 'This username is taken.\n' })
    const taken = await create('bob', '--email', 'ada@example.com')
    assert.deepEqual([taken.code, taken.error], [1, 'Another account has this e-mail address.\n'])
    const short = await accounts(['create', 'bob', '--password-stdin'], 'short')
    assert.deepEqual(
      [short.code, short.error],
      [1, 'A password has at least 8 characters (BELFRY_PASSWORD_MIN_LENGTH).\n'],
    )
    assert.equal((await create('b b')).code, 2)
    assert.equal((await create('bob', '--email', 'bob')).code, 2)
    assert.equal((await create('bob', '--role', 'king')).code, 2)
    assert.equal((await create('bob', 'lovelace')).code, 2, 'a password as an argument')
    const noTerminal = await accounts(['create', 'bob'], 'lovelace\n')
    assert.equal(noTerminal.code, 2)
    assert.match(noTerminal.error, /^There is no terminal .* --password-stdin .*\n$/)
    assert.equal((await database.db('accounts')).length, 1)
  })

  it('create leaves no account behind whose role could not be given', async () => {
    const { code, error } = await create('ada', '--role', 'member')
    assert.deepEqual([code, error], [1, 'This is the last admin: make another one first.\n'])
    assert.deepEqual(await database.db('accounts'), [])
    assert.equal((await create('ada')).out, 'Made ada, admin, id 2.\n')
  })

  it('list shows all, or those that a query finds, as a table and as JSON lines', async () => {
    for (const name of ['bob', 'ada', 'Bobby']) await create(name)
    await accounts(['disable', 'bobby'])
    const table = (await accounts(['list'])).out.trimEnd().split('\n')
    assert.match(table[0]!, /^ID +USERNAME +ROLE +EMAIL +STATE +CREATED$/)
    assert.deepEqual(
      table.slice(1).map((line) => line.split(/\s+/).slice(1, 5)),
      [
        ['ada', 'member', '-', 'active'],
        ['bob', 'admin', '-', 'active'],
        ['Bobby', 'member', '-', 'disabled'],
      ],
    )
    const { out } = await accounts(['list', '--query', 'bob', '--json'])
    const found = out.trimEnd().split('\n')
    assert.deepEqual(
      found.map((line) => JSON.parse(line).username),
      ['bob', 'Bobby'],
    )
  })

  it('list goes through all pages', async () => {
    await database.db.raw(`
      insert into accounts (username, password_hash, role, created_at)
      select 'user' || n, '', 'member', now() from generate_series(1, 401) n`)
    const lines = (await accounts(['list', '--json'])).out.trimEnd().split('\n')
    assert.equal(new Set(lines).size, 401)
  })

  it('role, disable and enable do what the API does: events, and the end of sessions', async () => {
    await create('ada')
    await create('bob')
    await database.db('sessions').insert({
      account_id: 2,
      token_hash: Buffer.alloc(32),
      created_at: new Date(),
      expires_at: new Date(Date.now() + 60_000),
    })
    assert.equal((await accounts(['role', 'bob', 'dispatcher'])).out, 'bob is dispatcher now.\n')
    assert.equal((await accounts(['disable', 'bob'])).out, 'bob is disabled.\n')
    assert.deepEqual(await database.db('sessions'), [])
    assert.equal(JSON.parse((await accounts(['enable', 'bob', '--json'])).out).disabled, false)
    const [updated, revoked] = ['account:2 account.updated', 'account:2 session.revoked']
    assert.deepEqual(await events(), [updated, revoked, updated, updated])
    const unknown = await accounts(['disable', 'eve'])
    assert.deepEqual(unknown, { code: 1, out: '', error: 'There is no such account.\n' })
    const last = await accounts(['role', 'ada', 'member'])
    assert.deepEqual([last.code, last.error], [1, 'This is the last admin: make another one first.\n'])
  })

  it('password sets a new one, and all sessions end', async () => {
    await create('ada')
    const before = await hashOf('ada')
    const session = { account_id: 1, created_at: new Date(), expires_at: new Date(Date.now() + 60_000) }
    for (const n of [1, 2]) await database.db('sessions').insert({ ...session, token_hash: Buffer.alloc(32, n) })
    const set = await accounts(['password', 'Ada', '--password-stdin'], 'menabrea1\r\n')
    assert.deepEqual(set, { code: 0, out: 'ada has a new password, and all sessions have ended.\n', error: '' })
    assert.notEqual(await hashOf('ada'), before)
    assert.deepEqual(await database.db('sessions'), [])
    const unknown = await accounts(['password', 'eve', '--password-stdin'], 'menabrea1')
    assert.deepEqual([unknown.code, unknown.error], [1, 'There is no such account.\n'])
  })

  describe('on a terminal', () => {
    /** Runs it on a pseudo-terminal and types an answer whenever one is asked for. */
    async function type(args: string[], answers: string[]) {
      const line = [...commandLine, 'accounts', ...args].map((part) => `'${part}'`).join(' ')
      const child = spawn('script', ['-qec', line, '/dev/null'], { env: { PATH: process.env.PATH, ...env } })
      let shown = ''
      child.stdout.on('data', (chunk) => (shown += chunk))
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
      for (const [i, answer] of answers.entries()) {
        const asked = () => (shown.match(/(Password|Again): /g) ?? []).length > i
        await waitFor(asked, { what: `question ${i + 1} in ${shown}`, timeoutMs: 20_000 })
        child.stdin.write(answer)
      }
      return { code: await ended, shown }
    }

    before(function () {
      // BSD's has other options.
      if (!/util-linux/.test(String(spawnSync('script', ['--version']).stdout))) this.skip()
    })

    it('asks for the password twice, and shows nothing of it', async () => {
      const { code, shown } = await type(['create', 'ada'], ['lovelace\r', 'lovelace\r'])
      assert.equal(code, 0, shown)
      assert.match(shown, /Made ada, admin, id 1\./)
      assert.ok(!shown.includes('love'))
    })

    it('does nothing when the two differ, or on Ctrl-C', async () => {
      const different = await type(['create', 'ada'], ['lovelace\r', 'loveless\r'])
      assert.equal(different.code, 1)
      assert.match(different.shown, /two different passwords/)
      const stopped = await type(['create', 'ada'], ['love\x03'])
      assert.equal(stopped.code, 1)
      assert.match(stopped.shown, /Nothing was done/)
      assert.deepEqual(await database.db('accounts'), [])
    })
  })
})
