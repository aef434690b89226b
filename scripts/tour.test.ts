import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Program } from '#internal/testing/program'
import { waitFor } from '#internal/testing/wait-for'
import { blocksOf, readDocument, root } from './tour/markdown.ts'
import { Shell } from './tour/shell.ts'

/** What differs from run to run. */
const plain = (line: string) =>
  line.replace(/"\d{4}-\d\d-\d\dT[\d:.]+Z"/g, '"<time>"').replace(/"position":\d+/g, '"position":<n>')

describe('what the documentation shows', function () {
  this.timeout(90_000)
  let program: Program
  let clients: { process: ChildProcess; ended: Promise<unknown> }[] = []

  beforeEach(async () => {
    program = await Program.create()
  })
  afterEach(async () => {
    for (const client of clients) {
      client.process.kill('SIGKILL')
      await client.ended
    }
    clients = []
    await program.remove()
  })

  it('README.md: every line of the tour prints what stands below it', async () => {
    const blocks = blocksOf(readDocument('README.md'), 'A tour')
    assert.ok(blocks.length > 10, 'the tour was found')
    await program.start()
    const shell = new Shell(root)
    const here = (text: string) =>
      text.replaceAll('localhost:8080', `localhost:${program.port}`).replaceAll('.belfry/', `${program.dataDir}/`)
    for (const [i, { language, text }] of blocks.entries()) {
      if (language !== 'bash') continue
      const next = blocks[i + 1]
      const due = next?.language === 'text' ? next.text.split('\n').map(plain) : []
      // An answer and a frame come by different ways, so their order is open.
      const isDue = (printed: string[]) => {
        const got = printed.map(plain)
        return got.length === due.length && got.toSorted().join('\n') === due.toSorted().join('\n')
      }
      if (/roll-call|receipts/.test(text)) await until(async () => isDue(await shell.run(here(text), () => true)))
      else await shell.run(here(text), isDue)
      if (!text.startsWith('kill -9')) continue
      await program.killed(undefined)
      await program.start()
    }
    await program.killed('SIGINT')
    await shell.end()
  })

  it('docs/stream.md: the client gets every alert once and in order, through kills of the server and of itself', async () => {
    await program.start()
    const base = `http://127.0.0.1:${program.port}`
    const session = await post(base, '/register', { username: 'ada', password: 'lovelace' })
    assert.equal(session.username, 'ada')
    const { token } = await post(base, '/login', { username: 'ada', password: 'lovelace' })
    const object = await post(base, '/object', { email: 'bob@example.com', phone_number: '212-555-1234' }, token)
    const inbox = await post(base, `/api/v1/objects/${object.id}/inbox-token`, {}, token)
    const raise = (n: number) => post(base, '/alert', { text: `alert ${n}`, object_ids: [object.id] }, token)

    const [block] = blocksOf(readDocument('docs/stream.md')).filter(({ language }) => language === 'js')
    const file = path.join(path.dirname(program.dataDir), 'follow.mjs')
    await writeFile(file, block!.text)
    const seen: string[] = []
    const follow = () => {
      const started = client(file, [`${base.replace('http', 'ws')}/inbox/${object.id}`, inbox.token], seen)
      clients.push(started)
      return started
    }

    let child = follow()
    for (let n = 1; n <= 5; n++) await raise(n)
    await waitFor(() => seen.length === 5, { what: 'the first five', timeoutMs: 10_000 })
    await program.killed()
    await program.start()
    for (let n = 6; n <= 10; n++) await raise(n)
    await waitFor(() => seen.length === 10, { what: 'the next five', timeoutMs: 20_000 })
    const cursor = async () => Number(await readFile(path.join(path.dirname(file), 'cursor.txt'), 'utf8'))
    const last = () => JSON.parse(seen.at(-1)!).position
    await waitFor(async () => (await cursor()) === last(), { what: 'the cursor to be kept' })
    child.process.kill('SIGKILL')
    await child.ended
    for (let n = 11; n <= 15; n++) await raise(n)
    child = follow()
    await waitFor(() => seen.length === 15, { what: 'the last five', timeoutMs: 10_000 })
    assert.deepEqual(
      seen.map((line) => JSON.parse(line).text),
      Array.from({ length: 15 }, (_, i) => `alert ${i + 1}`),
    )
    await waitFor(async () => (await cursor()) === last(), { what: 'the cursor to be kept' })

    // A new token ends the old one: the client must not come back for ever.
    await post(base, `/api/v1/objects/${object.id}/inbox-token`, {}, token)
    assert.equal(await child.ended, 1)
  })
})

async function post(base: string, where: string, body: object, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(base + where, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.ok(response.ok, `${where}: ${response.status}`)
  // biome-ignore lint/suspicious/noExplicitAny: the test looks at what it needs.
  return response.json() as Promise<any>
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  await waitFor(condition, { timeoutMs: 10_000, what: 'the roll-call that README.md shows' })
}

function client(file: string, args: string[], seen: string[]) {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: path.dirname(file),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let rest = ''
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    seen.push(...lines)
  })
  return { process: child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) }
}
