import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'

describe('the worker as a process', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  function start(): { child: ChildProcess; lines: () => { message: string }[]; ended: Promise<number | null> } {
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning']
    const settings = { BELFRY_DATABASE_URL: database.url, BELFRY_INTERNAL_PORT: '0', BELFRY_HOST: '127.0.0.1' }
    const child = spawn(process.execPath, [...flags, path.join(import.meta.dirname, 'main.ts')], {
      env: { PATH: process.env.PATH, ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout?.on('data', (chunk) => {
      output += chunk
    })
    const lines = () =>
      output
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    return { child, lines, ended: new Promise((resolve) => child.on('close', resolve)) }
  }

  it('runs until SIGTERM and ends cleanly', async () => {
    const { child, lines, ended } = start()
    await waitFor(() => lines().some((line) => line.message === 'worker is ready'), {
      what: 'the worker',
      timeoutMs: 10_000,
    })
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
  })

  it('refuses to start while migrations are missing, in one line', async () => {
    await database.db('schema_migrations').where({ name: '003-alerts' }).delete()
    const { lines, ended } = start()
    assert.equal(await ended, 1)
    assert.deepEqual(
      lines().map((line) => line.message),
      ['The database lacks 003-alerts. Run `npm run belfry -- migrate` first.'],
    )
  })
})
