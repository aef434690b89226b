import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { belfry, commandLine } from './testing.ts'

describe('belfry shell', function () {
  this.timeout(60_000)
  let database: TestDatabase

  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  const shell = (...lines: string[]) =>
    belfry(['shell'], { env: { BELFRY_DATABASE_URL: database.url }, input: lines.join('\n') })
  const create = 'const { id } = await accounts.create({ username: "ada", password: "lovelace" })'

  it('runs what is piped in line by line, waits for each, and prints what it gives', async () => {
    const { code, out, error } = await shell(
      create,
      'id',
      '(await accounts.find("ada")).role',
      'function twice(n) {',
      '  return 2 * n',
      '}',
      'twice(21)',
      'await db("accounts").where({ role: "admin" }).pluck("username")',
      'undefined',
      'clock.now() instanceof Date',
    )
    assert.deepEqual([code, error], [0, ''])
    assert.equal(out, `1\n'admin'\n42\n[ 'ada' ]\ntrue\n`)
  })

  it('has the services of every domain, whose changes clients are told of', async () => {
    const { code, out, error } = await shell(
      create,
      'await objects.create("bob@example.com", "212-555-1234").then(({ phone_e164 }) => phone_e164)',
      'await alerts.raise("drill", "all", "ada").then((alert) => alert.number_of_objects_receiving_alert)',
      'await alerts.counts(1)',
      'await alerts.missing(1).then((items) => items.length)',
      'void await statuses.set("ada", "in Tahiti")',
      '(await statuses.of("ada")).status',
      'void await conversations.createTopic("ada", "news")',
      '(await conversations.topics("ada")).map(({ name }) => name)',
      'await events.position()',
      '(await deadLetters.list()).length',
      '(await accounts.list("ad")).length',
    )
    assert.deepEqual([code, error], [0, ''])
    const printed = out.split('\n')
    assert.deepEqual(printed.slice(0, 2), ["'+12125551234'", '1'])
    assert.match(out, /targeted: 1, delivered: 0/)
    assert.deepEqual(printed.slice(-7), ['1', "'in Tahiti'", "[ 'news' ]", '0', '0', '1', ''])
    const told = await database.db('outbox').pluck('event')
    for (const event of ['alert.raised', 'status.set', 'topic.created']) assert.ok(told.includes(event), event)
  })

  it('lists what is there', async () => {
    const { out } = await shell('help')
    for (const name of ['db', 'clock', 'accounts', 'objects', 'alerts', 'statuses', 'conversations', 'deadLetters'])
      assert.match(out, new RegExp(`^ {2}${name} `, 'm'))
    assert.equal((await shell('help()')).out, out)
  })

  const failing: Record<string, [lines: string[], error: string]> = {
    'a rule of the domain': [['await accounts.setRole("eve", "admin")'], 'There is no such account.\n'],
    'a mistake': [['x.y', 'console.log("not reached")'], 'ReferenceError: x is not defined\n'],
    'a slip of syntax': [['a b'], "SyntaxError: Unexpected identifier 'b'\n"],
    'an end in the middle': [['console.log('], 'The last statement is not complete.\n'],
  }
  it('ends with 1 and a line at the first piped line that fails', async () => {
    for (const [lines, error] of Object.values(failing))
      assert.deepEqual(await shell(...lines), { code: 1, out: '', error })
  })

  it('is a prompt on a terminal, and remembers what was typed', async function () {
    // BSD's has other options.
    if (!/util-linux/.test(String(spawnSync('script', ['--version']).stdout))) this.skip()
    const home = await mkdtemp(path.join(tmpdir(), 'belfry-test-shell-'))
    const line = [...commandLine, 'shell'].map((part) => `'${part}'`).join(' ')
    const env = { PATH: process.env.PATH, HOME: home, TERM: 'dumb', BELFRY_DATABASE_URL: database.url }
    const child = spawn('script', ['-qec', line, '/dev/null'], { env })
    let shown = ''
    child.stdout.on('data', (chunk) => (shown += chunk))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    const until = (text: string) =>
      waitFor(() => shown.includes(text), { what: `${text} in ${shown}`, timeoutMs: 20_000 })
    await until('belfry> ')
    child.stdin.write('await accounts.list()\n')
    await until('[]')
    child.stdin.write('\x04')
    assert.equal(await ended, 0, shown)
    assert.equal(await readFile(path.join(home, '.config/belfry/shell-history'), 'utf8'), 'await accounts.list()')
    await rm(home, { recursive: true })
  })
})
