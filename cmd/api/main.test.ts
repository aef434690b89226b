import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestDatabase, testDatabase } from '#internal/testing/database'
import { waitFor } from '#internal/testing/wait-for'

describe('the api process', function () {
  this.timeout(30_000)
  let database: TestDatabase
  let child: ChildProcess
  let output = ''
  beforeEach(async () => {
    database = await testDatabase()
    output = ''
  })
  afterEach(async () => {
    if (child.exitCode === null) child.kill('SIGKILL')
    await database.drop()
  })

  async function start(env: Record<string, string> = {}): Promise<{ port: number; internal: number }> {
    const [port, internal] = [await freePort(), await freePort()]
    child = spawn(
      process.execPath,
      ['--conditions=source', '--disable-warning=ExperimentalWarning', 'cmd/api/main.ts'],
      {
        env: {
          PATH: process.env.PATH,
          BELFRY_DATABASE_URL: database.url,
          BELFRY_JWT_SECRET: 'a secret of the tests, long enough for HS256',
          BELFRY_HOST: '127.0.0.1',
          BELFRY_PORT: String(port),
          BELFRY_INTERNAL_PORT: String(internal),
          ...env,
        },
      },
    )
    child.stdout?.on('data', (data) => (output += data))
    child.stderr?.on('data', (data) => (output += data))
    return { port, internal }
  }

  const status = (url: string) =>
    fetch(url).then(
      (r) => r.status,
      () => 0,
    )

  it('answers, fails readiness on SIGTERM while it still serves, then ends with 0', async () => {
    const { port, internal } = await start({ BELFRY_SHUTDOWN_DELAY_SECONDS: '1' })
    const ping = () => status(`http://127.0.0.1:${port}/ping`)
    const ready = () => status(`http://127.0.0.1:${internal}/readyz`)
    await waitFor(async () => (await ready()) === 200, { what: `ready: ${output}`, timeoutMs: 15_000 })
    assert.equal(await ping(), 200)
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await waitFor(async () => (await ready()) === 503, { what: 'not ready' })
    assert.equal(await ping(), 200)
    assert.deepEqual(await exit, [0, null])
  })
  it('refuses to start on an old schema, and says so', async () => {
    await database.db('schema_migrations').where({ name: '005-statuses' }).delete()
    await start()
    const [code] = await once(child, 'exit')
    assert.equal(code, 1)
    assert.match(output, /The database lacks 005-statuses\. Run/)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}
