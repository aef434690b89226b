import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { installClient, tsc } from '#internal/client/testing'
import { Program } from '#internal/testing/program'
import { waitFor } from '#internal/testing/wait-for'
import { blocksOf, readDocument } from './tour/markdown.ts'

/** The program of a section. */
const programOf = (heading: string) => blocksOf(readDocument('docs/client.md'), heading)[0]!.text

describe('the programs of docs/client.md', function () {
  this.timeout(90_000)
  let program: Program
  let directory: string
  let children: { process: ChildProcess; ended: Promise<unknown> }[] = []

  before(async () => {
    program = await Program.create()
    directory = path.dirname(program.dataDir)
    await installClient(directory)
    await program.start()
  })
  after(async () => {
    for (const child of children) {
      child.process.kill('SIGKILL')
      await child.ended
    }
    children = []
    await program.remove()
  })

  async function post(where: string, body: object, token?: string) {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const url = `http://127.0.0.1:${program.port}`
    const response = await fetch(url + where, { method: 'POST', headers, body: JSON.stringify(body) })
    assert.ok(response.ok, `${where}: ${response.status}`)
    // biome-ignore lint/suspicious/noExplicitAny: the test looks at what it needs.
    return response.json() as Promise<any>
  }

  async function logIn(username: string): Promise<string> {
    await post('/api/v1/accounts', { username, password: 'lovelace' })
    return (await post('/api/v1/sessions', { username, password: 'lovelace' })).token
  }

  /** Runs the program of a section as long as it likes; `seen` gets its lines. */
  async function run(heading: string, args: string[], seen: string[]) {
    const file = path.join(directory, /\w+\.mjs/.exec(programOf(heading))![0])
    await writeFile(file, programOf(heading))
    const child = spawn(process.execPath, [file, `http://127.0.0.1:${program.port}`, ...args], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let rest = ''
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      seen.push(...lines)
    })
    const started = { process: child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) }
    children.push(started)
    return started
  }

  it('the one for browsers compiles', async () => {
    await writeFile(path.join(directory, 'page.ts'), programOf('In a browser'))
    const options = ['--strict', '--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2024,dom']
    await tsc(directory, ...options, '--types', '', '--noEmit', 'page.ts')
  })

  it('the inbox gets every alert once and in order, through kills of the server and of itself', async () => {
    const token = await logIn('ada')
    const bob = await post('/api/v1/objects', { email: 'bob@example.com', phone_number: '212-555-1234' }, token)
    const inbox = await post(`/api/v1/objects/${bob.id}/inbox-token`, {}, token)
    const raise = (n: number) => post('/alert', { text: `alert ${n}`, object_ids: [bob.id] }, token)
    const seen: string[] = []
    const follow = () => run('An inbox', [String(bob.id), inbox.token], seen)
    const last = () => JSON.parse(seen.at(-1)!).position as number
    const kept = async () => Number(await readFile(path.join(directory, 'inbox.txt'), 'utf8'))

    let child = await follow()
    for (let n = 1; n <= 5; n++) await raise(n)
    await waitFor(() => seen.length === 5, { what: 'the first five', timeoutMs: 10_000 })
    await program.killed()
    await program.start()
    for (let n = 6; n <= 10; n++) await raise(n)
    await waitFor(() => seen.length === 10, { what: 'the next five', timeoutMs: 20_000 })
    await waitFor(async () => (await kept()) >= last(), { what: 'the cursor to be kept' })
    child.process.kill('SIGKILL')
    await child.ended
    for (let n = 11; n <= 15; n++) await raise(n)
    child = await follow()
    await waitFor(() => seen.length === 15, { what: 'the last five', timeoutMs: 10_000 })
    assert.deepEqual(
      seen.map((line) => JSON.parse(line).text),
      Array.from({ length: 15 }, (_, i) => `alert ${i + 1}`),
    )
    const { id } = JSON.parse(seen.at(-1)!)
    const read = async () => {
      const url = `http://127.0.0.1:${program.port}/api/v1/alerts/${id}/roll-call`
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
      return ((await answer.json()) as { counts: { read: number } }).counts.read === 1
    }
    await waitFor(read, { what: 'the last one to be read' })

    // A new token ends the old one: the client must not come back for ever.
    await post(`/api/v1/objects/${bob.id}/inbox-token`, {}, token)
    assert.equal(await child.ended, 1)
  })

  it('the one for Node gets every event once, and goes on where it was', async () => {
    const token = await logIn('eve')
    const seen: string[] = []
    const first = await run('In Node', [token], seen)
    await waitFor(async () => Number(await readFile(path.join(directory, 'cursor.txt'), 'utf8').catch(() => 0)) > 0, {
      what: 'the cursor of hello',
    })
    const topic = (name: string) => post('/api/v1/topics', { name }, token)
    await topic('one')
    await waitFor(() => seen.some((line) => line.includes('topic.created')), { what: 'the first topic' })
    first.process.kill('SIGKILL')
    await first.ended
    await topic('two')
    await run('In Node', [token], seen)
    const names = () =>
      new Set(
        seen
          .map((line) => JSON.parse(line))
          .flatMap(({ event, data }) => (event === 'topic.created' ? [data.name] : [])),
      )
    await waitFor(() => names().has('two'), { what: 'the second topic' })
    assert.deepEqual([...names()], ['one', 'two'])
  })
})
