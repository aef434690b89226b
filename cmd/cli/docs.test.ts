import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command } from 'commander'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'
import { addCommands } from './commands/index.ts'
import { commandLine, Server, startBelfry } from './testing.ts'

const file = path.resolve(import.meta.dirname, '../../docs/cli.md')

/** What differs from run to run. */
const plain = (text: string) =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/^(<time>) +\d+/gm, '$1 <position>')
    .trim()

describe('docs/cli.md', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let server: Server
  let home: string

  before(async () => {
    database = await testDatabase()
    server = await Server.create(database.url)
    await server.start()
    home = await mkdtemp(path.join(tmpdir(), 'belfry-test-docs-'))
  })
  after(async () => {
    await server.remove()
    await database.drop()
    await rm(home, { recursive: true })
  })

  it('shows what each command prints', async () => {
    const blocks = [...(await readFile(file, 'utf8')).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    let shown = 0
    for (const [i, [, language, lines]] of blocks.entries()) {
      if (language !== 'bash') continue
      shown++
      const due = blocks[i + 1]![2]!
      const printed = (await run(lines!, due))
        .replaceAll(server.url, 'http://localhost:8080')
        .replaceAll(home, '/home/you')
      assert.equal(plain(printed), plain(due), lines)
    }
    assert.ok(shown > 10)
  })

  it('has every command', async () => {
    const text = await readFile(file, 'utf8')
    const program = new Command()
    await addCommands(program, undefined)
    for (const command of program.commands) {
      const names = [command, ...command.commands].map((each) => each.name())
      for (const name of names) assert.match(text, new RegExp(`\\b${name}\\b`), name)
    }
  })

  /** Both outputs, in the order that a terminal would show them. */
  function run(lines: string, due: string): Promise<string> {
    const env = { HOME: home, BELFRY_DATABASE_URL: database.url, BELFRY_URL: server.url }
    if (lines.startsWith('belfry tail ')) return runTail(lines, due, env)
    const command = commandLine.map((part) => `'${part}'`).join(' ')
    const options = { cwd: home, env: { PATH: process.env.PATH, ...env } }
    const script = `belfry() { ${command} "$@"; }\nexec 2>&1\n${lines}`
    return new Promise((resolve) => execFile('bash', ['-c', script], options, (_, out) => resolve(out)))
  }

  /** Ends when as much is there as is due. */
  async function runTail(line: string, due: string, env: Record<string, string>): Promise<string> {
    const tail = startBelfry(line.trim().split(' ').slice(1), { env })
    const isThere = () => tail.out.split('\n').length >= due.split('\n').length
    await waitFor(isThere, { what: line, timeoutMs: 20_000 })
    tail.process.kill('SIGINT')
    assert.equal(await tail.ended, 0)
    return tail.out + tail.error
  }
})
