import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { belfry, commandLine, type Running, Server, startBelfry } from './testing.ts'

describe('belfry tail', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let server: Server
  let directory: string
  let env: Record<string, string>
  let running: Running[] = []

  beforeEach(async () => {
    env = {}
    database = await testDatabase()
    server = await Server.create(database.url)
    await server.start()
    directory = await mkdtemp(path.join(tmpdir(), 'belfry-test-tail-'))
    const account = { username: 'ada', password: 'lovelace' }
    await call('/api/v1/accounts', account)
    env = { HOME: directory, BELFRY_URL: server.url, BELFRY_TOKEN: (await call('/api/v1/sessions', account)).token! }
  })
  afterEach(async () => {
    for (const each of running) each.process.kill('SIGKILL')
    await Promise.all(running.map((each) => each.ended))
    running = []
    await server.remove()
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  async function call(where: string, body: object): Promise<{ token?: string }> {
    const authorization = env.BELFRY_TOKEN ? { authorization: `Bearer ${env.BELFRY_TOKEN}` } : {}
    const headers = { 'content-type': 'application/json', ...authorization }
    const response = await fetch(server.url + where, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.equal(response.status, 201, where)
    return (await response.json()) as { token?: string }
  }
  const raise = (n: number) => call('/api/v1/alerts', { text: `alert ${n}`, alert_all: true })
  const raiseAll = async (from: number, to: number) => {
    for (let n = from; n <= to; n++) await raise(n)
  }
  const tail = (...args: string[]) => {
    const started = startBelfry(['tail', ...args], { env, cwd: directory })
    running.push(started)
    return started
  }
  const texts = ({ out }: Running) => [...out.matchAll(/"text":"alert (\d+)"/g)].map(([, n]) => Number(n))
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
  const shows = (follower: Running, count: number) =>
    waitFor(() => texts(follower).length >= count, {
      what: `${count} alerts in ${follower.out}${follower.error}`,
      timeoutMs: 40_000,
    })
  const interrupt = async (follower: Running) => {
    follower.process.kill('SIGINT')
    assert.equal(await follower.ended, 0, follower.error)
  }
  const state = async () => Number(await readFile(path.join(directory, 'cursor'), 'utf8').catch(() => '0'))

  it('shows one line per event, from the cursor on, and ends with 0 on Ctrl-C', async () => {
    await raiseAll(1, 3)
    const follower = tail('--cursor', '0')
    await shows(follower, 3)
    await raise(4)
    await shows(follower, 4)
    assert.deepEqual(texts(follower), [1, 2, 3, 4])
    const line = follower.out.split('\n').find((each) => each.includes('alert 4'))
    assert.match(line!, /^\d{4}-\S+Z +\d+ +alerts +alert\.raised +\{"id":4,"text":"alert 4",.*\.\.\.$/)
    await interrupt(follower)
    assert.equal(follower.error, '')
  })

  it('shows JSON as the stream has it, of some scopes, from now on', async () => {
    await raise(1)
    const follower = tail('--json', '--scope', 'alerts,conversation', '--state', 'cursor')
    await waitFor(state, { what: 'the cursor of a connection', timeoutMs: 20_000 })
    await fetch(`${server.url}/api/v1/me`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${env.BELFRY_TOKEN}`, 'content-type': 'application/json' },
      body: '{"first_name":"Ada"}',
    })
    await raise(2)
    await shows(follower, 1)
    await interrupt(follower)
    const [frame, ...more] = follower.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(more, [])
    assert.deepEqual(
      [frame.type, frame.scope, frame.event, frame.data.text],
      ['event', 'alerts', 'alert.raised', 'alert 2'],
    )
  })

  it('shows each event once through kills and restarts of the server', async () => {
    const follower = tail('--cursor', '0', '--state', 'cursor')
    await raiseAll(1, 5)
    await shows(follower, 5)
    await server.end('SIGKILL')
    await server.start()
    await raiseAll(6, 10)
    await shows(follower, 10)
    // This time it is asked to come back.
    await server.end('SIGTERM')
    await waitFor(() => follower.error.includes('The server restarts.'), { what: 'close code 1012' })
    await server.start()
    await raiseAll(11, 15)
    await shows(follower, 15)
    assert.deepEqual(texts(follower), upTo(15))
    assert.match(follower.error, /Connecting again\.\nConnected again\.\n.*Connecting again\.\nConnected again\.\n$/s)
    await interrupt(follower)
  })

  it('goes on where it was with --state, whether it was stopped or killed', async () => {
    await raiseAll(1, 3)
    const first = tail('--cursor', '0', '--state', 'cursor')
    await shows(first, 3)
    await interrupt(first)
    await raiseAll(4, 6)
    const second = tail('--cursor', '0', '--state', 'cursor')
    await shows(second, 3)
    assert.deepEqual(texts(second), [4, 5, 6])
    const position = () => Number(/(\d+) +alerts .*alert 6/.exec(second.out)?.[1])
    await waitFor(async () => (await state()) >= position(), { what: 'the cursor to be kept' })
    second.process.kill('SIGKILL')
    await second.ended
    await raiseAll(7, 8)
    const third = tail('--state', 'cursor')
    await shows(third, 2)
    assert.deepEqual(texts(third), [7, 8])
    await interrupt(third)
    assert.equal((await readFile(path.join(directory, 'cursor'), 'utf8')).trim(), String(await state()))
  })

  it('says so when events may be missing', async () => {
    const follower = tail('--cursor', '999999', '--json')
    await waitFor(() => follower.out.includes('"reset"'), { what: 'the reset', timeoutMs: 20_000 })
    const { type, reason, position } = JSON.parse(follower.out.split('\n')[0]!)
    assert.deepEqual([type, reason], ['reset', 'cursor_ahead'])
    assert.equal(
      follower.error,
      `There may be a hole: cursor_ahead. Reload what you keep; events go on after position ${position}.\n`,
    )
    await raise(1)
    await shows(follower, 1)
    await interrupt(follower)
  })

  it('ends without a word when its output is closed', async () => {
    await raiseAll(1, 3)
    const shell = spawn(
      'bash',
      [
        '-o',
        'pipefail',
        '-c',
        '"$@" | head -n 1',
        'bash',
        ...commandLine,
        'tail',
        '--cursor',
        '0',
        '--state',
        'cursor',
      ],
      { env: { PATH: process.env.PATH, ...env }, cwd: directory },
    )
    let [out, said, code] = ['', '', undefined as number | null | undefined]
    shell.stdout.on('data', (chunk) => (out += chunk))
    shell.stderr.on('data', (chunk) => (said += chunk))
    shell.once('close', (status) => (code = status))
    await waitFor(() => out.includes('\n'), { what: 'the first line', timeoutMs: 20_000 })
    // It learns by the next write.
    const ended = async () => {
      if (code === undefined) await raise(4)
      return code !== undefined
    }
    await waitFor(ended, { what: 'the end', timeoutMs: 20_000 })
    assert.deepEqual([code, said], [0, ''])
    assert.equal(out.split('\n').length, 2)
  })

  it('waits for a server that is away, and gives up on one that does not want it', async () => {
    await server.end('SIGTERM')
    const waiting = tail()
    await waitFor(() => waiting.error.includes('cannot be reached'), { what: 'a word', timeoutMs: 20_000 })
    assert.match(waiting.error, /^http:\S+ cannot be reached: .*ECONNREFUSED.*\. Connecting again\.\n$/)
    await server.start()
    await waitFor(() => waiting.error.includes('Connected again.'), { what: 'a connection', timeoutMs: 40_000 })
    await raise(1)
    await shows(waiting, 1)
    const ended = await fetch(`${server.url}/api/v1/sessions/current`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${env.BELFRY_TOKEN}` },
    })
    assert.equal(ended.status, 204)
    assert.equal(await waiting.ended, 1)
    assert.match(waiting.error, /The session has ended\. Run `belfry login`\.\n$/)
    const refused = await belfry(['tail'], { env })
    assert.deepEqual([refused.code, refused.out], [1, ''])
    assert.match(refused.error, /^http:\S+ refuses the stream: .* Run `belfry login`, or set BELFRY_TOKEN\.\n$/)
  })

  it('refuses what it cannot use', async () => {
    assert.equal((await belfry(['tail', '--cursor', '-1'], { env })).code, 2)
    assert.equal((await belfry(['tail', '--scope', 'alert'], { env })).code, 2)
    await writeFile(path.join(directory, 'cursor'), 'my notes')
    const notes = await belfry(['tail', '--state', 'cursor'], { env, cwd: directory })
    assert.deepEqual([notes.code, notes.out], [1, ''])
    assert.match(notes.error, /cursor holds no cursor\. Name another file, or remove it\.\n$/)
    assert.equal(await readFile(path.join(directory, 'cursor'), 'utf8'), 'my notes')
    const nowhere = await belfry(['tail', '--state', 'no/such/place'], { env, cwd: directory })
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.error, /no\/such\/place cannot be written: .*\n$/)
  })
})
